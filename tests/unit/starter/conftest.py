from pathlib import Path

import pytest

from tests.unit.importing.logs import HEADER
from tests.unit.starter.desk import Desk
from tests.unit.starter.imports import Imports, MakeLog


@pytest.fixture(autouse=True)
def a_plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the user's: neither settings, nor servers that run on this machine."""
    for name in ("ESCALATIONS_BY", "ESCALATIONS_DSN", "COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("TEMPORAL_ADDRESS", "TEMPORAL_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "no-profile.toml").touch()
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "no-profile.toml"))
    monkeypatch.setenv("ESCALATIONS_DATA_DIR", str(tmp_path / "no-stack"))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def imports() -> Imports:
    return Imports()


@pytest.fixture
def log(tmp_path: Path) -> MakeLog:
    def write(*rows: str, header: str = HEADER, name: str = "log.csv", encoding: str = "utf-8") -> Path:
        file = tmp_path / name
        file.write_text("\n".join([header, *rows]) + "\n", encoding=encoding)
        return file

    return write
