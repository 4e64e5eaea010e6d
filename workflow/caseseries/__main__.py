"""`python -m caseseries`."""

import sys

from caseseries.cli import main

sys.exit(main())
