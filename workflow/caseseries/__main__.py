"""`python -m caseseries`, as the workflow calls it."""

import gc
import sys

# A stage makes a hundred thousand objects that last as long as it does; looking through them for garbage again and
# again costs a tenth of its time.
gc.set_threshold(200_000, 50, 50)

from caseseries.cli import main  # noqa: E402

sys.exit(main())
