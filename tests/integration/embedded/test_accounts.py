"""As root, PostgreSQL runs as another user, also in folders that only root may pass through."""

import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from runtime.embedded import accounts
from runtime.embedded.accounts import Account, choose_account
from runtime.embedded.as_account import CANNOT
from runtime.embedded.errors import EmbeddedError
from runtime.embedded.postgres import EmbeddedPostgres
from tests.integration.embedded.conftest import servers_of

needs_root = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0, reason="only root's server runs as another user"
)
PROGRAM = Path("/bin/true").resolve()
NOBODY = pwd.getpwnam("nobody")
PASSING = Account(name="nobody", uid=NOBODY.pw_uid, gid=NOBODY.pw_gid, passes=True)
WHO = """
import os, sys
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
print(*os.getresuid(), *os.getresgid(), *os.getgroups())
print(*(status[f"Cap{kind}"].strip() for kind in ("Inh", "Prm", "Eff", "Amb")))
print(os.access(sys.argv[1], os.R_OK), open(sys.argv[1]).read())
"""


@pytest.fixture
def private(tmp_path: Path) -> Path:
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def opened() -> Iterator[Path]:
    """A folder that every user may pass through; pytest's own are private."""
    with tempfile.TemporaryDirectory(prefix="escalations-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o711)
        yield folder


def mode_of(folder: Path) -> int:
    return folder.stat().st_mode & 0o777


@needs_root
async def test_the_server_runs_below_a_private_folder_which_stays_private(private: Path) -> None:
    server = EmbeddedPostgres(private / "data")
    await server.start()

    process = psutil.Process(server.record.pid)
    assert 0 not in {*process.uids(), *process.gids()}
    assert mode_of(private) == 0o700
    again = EmbeddedPostgres(private / "data")
    await again.start()
    assert again.record == server.record
    await again.stop()
    assert servers_of(private / "data") == {}
    await server.stop()


@needs_root
def test_where_all_may_pass_the_server_gets_no_privilege(opened: Path) -> None:
    (opened / "data").mkdir(mode=0o700)

    account = choose_account(opened / "data" / "postgres", PROGRAM)

    assert account is not None
    assert account.uid != 0
    assert not account.passes
    assert mode_of(opened / "data") == 0o711


@needs_root
@pytest.mark.parametrize("shut", ["data", "program"])
def test_a_private_folder_above_the_data_or_the_program_needs_the_privilege(
    private: Path, opened: Path, shut: str
) -> None:
    program = private / "program"
    program.write_text("#!/bin/true\n")
    program.chmod(0o755)
    data, program = (private / "data", PROGRAM) if shut == "data" else (opened / "data", program)
    data.mkdir(mode=0o700)

    account = choose_account(data / "postgres", program)

    assert account is not None
    assert account.passes
    assert mode_of(data) == 0o700


@needs_root
def test_data_keeps_the_owner_that_an_earlier_start_gave_it(private: Path) -> None:
    data = private / "data" / "postgres"
    data.mkdir(parents=True)
    os.chown(data, 4711, 4712)

    account = choose_account(data, PROGRAM)

    assert account == Account(name="4711", uid=4711, gid=4712, passes=True)


@needs_root
def test_where_the_privilege_cannot_be_given_the_folder_in_the_way_is_named(
    private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "_LAUNCHER", private / "not-there.py")

    with pytest.raises(EmbeddedError, match=rf"can't pass through .*{private}.*: run as an ordinary user"):
        choose_account(private / "data" / "postgres", PROGRAM)

    assert mode_of(private) == 0o700


@needs_root
def test_what_runs_that_way_has_one_privilege_and_nothing_else_of_roots(private: Path) -> None:
    (private / "secret").write_text("read")
    (private / "secret").chmod(0o600)

    result = subprocess.run(
        PASSING.wrap([sys.executable, "-I", "-S", "-c", WHO, str(private / "secret")]),
        capture_output=True,
        text=True,
        check=True,
    )

    ids, capabilities, access = result.stdout.splitlines()
    assert ids.split() == 3 * [str(PASSING.uid)] + 3 * [str(PASSING.gid)]
    assert capabilities.split() == 4 * ["0000000000000002"]
    assert access == "True read"


def test_a_program_that_cannot_be_run_that_way_is_one_line() -> None:
    result = subprocess.run(
        PASSING.wrap(["/nowhere/program"]), capture_output=True, text=True, check=False
    )  # an ordinary user may not become another one, and root finds no such program

    assert result.returncode == CANNOT
    assert result.stderr.startswith(f"can't run /nowhere/program as user {PASSING.uid}: ")
    assert result.stderr.count("\n") == 1


def test_an_ordinary_users_server_runs_as_that_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    assert choose_account(tmp_path / "postgres", PROGRAM) is None
