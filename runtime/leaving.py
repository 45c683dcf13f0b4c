"""How a program that talked to Temporal ends."""

import logging
import os
import sys
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End this process with an exit code, after everything it wrote has gone out.

    Not by `sys.exit`: the SDK's own threads may still be letting go of the interpreter, for a call that was given up or a
    worker that is stopping. Where the interpreter shuts down meanwhile they abort the process (temporalio/sdk-python,
    issue 300): it would end with another code, and without what a pipe had not taken yet.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
