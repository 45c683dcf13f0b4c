"""In which language people of the team are written to, from the roster's file to the letter, on a real PostgreSQL."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.roster import install_roster
from activities.contracts import DeliverInput
from activities.delivery import DeliveryActivities
from activities.ports.sending import Envelope
from activities.writing import Writer
from escalation.messages.effects import Message
from escalation.messages.facts import Notices
from escalation.messages.notices import Clock as ClockNotice
from escalation.notice_kinds import NoticeKind
from escalation.roster.files import new_roster, read_roster
from escalation.vocabulary import Channel, ClockName
from tests import fakes
from tests.letters import LETTERS
from tests.unit.activities.builders import CASE, MONDAY, VIEW, Clock

TEAM = """\
people:
  - {id: ana, name: Ana, address: ana@example.com, languages: [pt, de, en], skills: [technical], tiers: [1], max_open: 3}
  - {id: ben, name: Ben, address: ben@example.com, skills: [technical], tiers: [1], max_open: 3}
  - {id: deniz, name: Deniz, address: deniz@example.com, language: de-AT, skills: [technical], tiers: [1], max_open: 3}
  - {id: emil, name: Emil, address: emil@example.com, language: en, languages: [de, en], skills: [technical], tiers: [1], max_open: 3}
"""


async def told(database: Database, person: str) -> Envelope:
    records, mail = fakes.Records(), fakes.Channel()
    records.views[CASE] = VIEW
    writer = Writer(
        records=records,
        directory=Directory(database, Clock()),
        long_texts=fakes.LongTexts(),
        templates=LETTERS,
        clock=Clock(),
    )
    deliveries = DeliveryActivities(writer, fakes.Ledger(Clock()), {Channel.EMAIL: mail})
    notice = Message(
        key="resolution/1/due",
        to=person,
        facts=Notices(notices=(ClockNotice(kind=NoticeKind.BREACH, clock=ClockName.RESOLUTION, due=MONDAY),)),
    )
    request = DeliverInput(escalation=CASE, message=notice, channel=Channel.EMAIL)
    await ActivityEnvironment().run(deliveries.deliver, request)
    (sent,) = mail.sent
    return sent


@pytest.mark.parametrize(
    ("person", "language", "headline"),
    [
        ("ana", "de", "Eine Frist ist verstrichen"),
        ("ben", "en", "A deadline was missed"),
        ("deniz", "de-AT", "Eine Frist ist verstrichen"),
        ("emil", "en", "A deadline was missed"),
    ],
)
async def test_a_person_is_written_to_in_the_first_language_of_the_roster_that_has_words(
    database: Database, tmp_path: Path, person: str, language: str, headline: str
) -> None:
    file = tmp_path / "team.yaml"
    file.write_text(TEAM, encoding="utf-8")
    until = MONDAY + timedelta(days=1)
    await install_roster(database, new_roster(read_roster(file, MONDAY, until), MONDAY, until), MONDAY)
    sent = await told(database, person)
    assert sent.language == language
    assert headline in sent.body.splitlines()[0]


async def test_the_directory_gives_the_languages_in_the_order_of_the_roster(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    file.write_text(TEAM, encoding="utf-8")
    await install_roster(database, new_roster(read_roster(file, MONDAY, MONDAY), MONDAY, MONDAY), MONDAY)
    directory = Directory(database, Clock())
    ana, ben = await directory.person("ana"), await directory.person("ben")
    assert (ana.language, ana.languages) == ("pt", ("pt", "de", "en"))
    assert (ben.language, ben.languages) == ("en", ())
