"""No local activities: where queries come meanwhile, a replay finds another order (docs/adr/0003)."""

from pathlib import Path

import workflows
from tests.replay.store import FOLDER


def test_no_workflow_runs_a_local_activity() -> None:
    modules = list(Path(workflows.__file__).parent.glob("*.py"))
    assert modules
    found = [module.name for module in modules if "local_activity" in module.read_text(encoding="utf-8")]
    assert not found, f"{found}: use `workflow.execute_activity_method`; docs/adr/0003 says why"


def test_no_stored_life_has_run_one() -> None:
    runs = list(FOLDER.rglob("*.run*.json"))
    assert runs
    found = [run.name for run in runs if "EVENT_TYPE_MARKER_RECORDED" in run.read_text(encoding="utf-8")]
    assert not found, found
