"""`python -m caseseries`, as the workflow calls it."""

import gc
import os
import sys

from caseseries.compiled import keep_none_on_a_full_disk, mended

keep_none_on_a_full_disk()
try:
    from caseseries.forks import GARBAGE, ask

    code = ask(sys.argv[1:])
    if code is None:
        gc.set_threshold(*GARBAGE)

        from caseseries.cli import main

        code = main()
except Exception as error:
    if not mended(error):
        raise
    os.execv(sys.executable, sys.orig_argv)
sys.exit(code)
