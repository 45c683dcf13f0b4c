"""What Python writes by itself is a log line like any other."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

SCRIPT = """
import threading
import warnings
from runtime.log_setup import configure_logging, log_what_python_writes
from runtime.settings import Settings

configure_logging(Settings())
log_what_python_writes()

class Failing:
    def __del__(self):
        raise ValueError("while it was dropped")

async def forgotten(): ...

def fail():
    raise KeyError("in a thread")

warnings.warn("old", DeprecationWarning)
forgotten()
Failing()
threaded = threading.Thread(target=fail)
threaded.start()
threaded.join()
raise RuntimeError("at the end")
"""


def test_warnings_and_errors_that_nothing_catches_are_json_lines() -> None:
    ended = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in ended.stderr.splitlines()]

    assert [(line["event"], line["level"]) for line in lines] == [
        ("python warned", "warning"),
        ("python warned", "warning"),
        ("error that no code could catch", "error"),
        ("uncaught error", "critical"),
        ("uncaught error", "critical"),
    ]
    assert lines[0]["said"] == "old"
    assert lines[1]["category"] == "RuntimeWarning"
    assert ["while it was dropped" in lines[2]["exception"], "in a thread" in lines[3]["exception"]] == [True, True]
    assert lines[4]["exception"].endswith("RuntimeError: at the end")
    assert (ended.returncode, ended.stdout) == (1, "")
