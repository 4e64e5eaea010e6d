"""`python -m caseseries`, as the workflow calls it."""

import gc
import sys

from caseseries.forks import GARBAGE, ask

code = ask(sys.argv[1:])
if code is None:
    gc.set_threshold(*GARBAGE)

    from caseseries.cli import main

    code = main()
sys.exit(code)
