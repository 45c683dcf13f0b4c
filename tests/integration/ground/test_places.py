"""Folders and files that cannot be used are named with their setting; a relay that is down stops no worker."""

from pathlib import Path

import pytest

from runtime.embedded.ports import HOST, PortBook
from runtime.settings import SettingsError
from runtime.start_checks.places import read_setting_file, relay_answers, require_writable
from tests.integration.ground.peers import Peer, pump


def test_a_file_in_place_of_the_data_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(SettingsError, match=r"^ESCALATIONS_DATA_DIR: `.*/taken`: file exists; name a folder"):
        require_writable(tmp_path / "taken", "ESCALATIONS_DATA_DIR")


def test_a_folder_that_cannot_be_made_is_named() -> None:
    with pytest.raises(SettingsError, match=r"^ESCALATIONS_DATA_DIR: `/proc/nowhere`: "):
        require_writable(Path("/proc/nowhere"), "ESCALATIONS_DATA_DIR")


def test_a_new_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    require_writable(tmp_path / "a" / "b", "ESCALATIONS_DATA_DIR")
    assert list((tmp_path / "a" / "b").iterdir()) == []


@pytest.mark.parametrize(
    ("data", "problem"), [(b"\xff\x80", "1: is not UTF-8 text at byte 0; save it as UTF-8"), (None, " is a directory")]
)
def test_a_policy_file_that_cannot_be_read_is_named(tmp_path: Path, data: bytes | None, problem: str) -> None:
    file = tmp_path / "gold.yaml"
    if data is None:
        file.mkdir()
    else:
        file.write_bytes(data)
    with pytest.raises(SettingsError, match=rf"^ESCALATIONS_POLICIES_DIR: `?/.*/gold.yaml`?:{problem}"):
        read_setting_file(file, "ESCALATIONS_POLICIES_DIR")


async def test_a_relay_that_is_down_is_noticed_and_one_that_listens_is_not_spoken_to(tmp_path: Path) -> None:
    async with Peer(pump) as relay:
        assert await relay_answers(HOST, relay.port)
    assert not await relay_answers(HOST, PortBook(tmp_path / "closed.json").take("nobody"))
    assert not await relay_answers("mail.invalid", 25)
