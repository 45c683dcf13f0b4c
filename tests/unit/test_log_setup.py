"""Log lines: the same fields from everywhere, for machines or people, without personal data."""

import io
import json
import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog
import temporalio.activity
import temporalio.workflow
from temporalio.testing import ActivityEnvironment

from runtime.log_setup import REDACTED, configure_logging
from runtime.settings import LogFormat, LogLevel, Settings

pytestmark = pytest.mark.usefixtures("logging_as_it_was")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def configured(stream: io.StringIO, **changes: Any) -> io.StringIO:
    configure_logging(Settings(**changes), stream)
    return stream


def fail(message: str) -> None:
    raise ValueError(message)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_away_from_a_terminal_each_event_is_one_json_line_with_level_logger_and_utc_time() -> None:
    stream = configured(io.StringIO())

    structlog.get_logger("starter.demo").info("escalation opened", severity="SEV2")

    (line,) = lines(stream)
    assert line["event"] == "escalation opened"
    assert line["severity"] == "SEV2"
    assert line["level"] == "info"
    assert line["logger"] == "starter.demo"
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(0)


def test_the_standard_librarys_loggers_write_the_same_fields() -> None:
    stream = configured(io.StringIO())

    structlog.get_logger("ours").info("one", count=1)
    logging.getLogger("theirs").info("two of %s", "three", extra={"count": 2})

    ours, theirs = lines(stream)
    assert ours.keys() == theirs.keys()
    assert (theirs["event"], theirs["logger"], theirs["count"]) == ("two of three", "theirs", 2)


def test_on_a_terminal_people_get_columns_instead_of_json() -> None:
    stream = configured(Terminal())

    structlog.get_logger("starter.demo").warning("relay is slow", seconds=9)

    text = stream.getvalue()
    assert "relay is slow" in text
    assert not text.startswith("{")


@pytest.mark.parametrize(
    ("stream", "log_format", "is_json"),
    [(Terminal(), LogFormat.JSON, True), (io.StringIO(), LogFormat.CONSOLE, False)],
)
def test_the_setting_wins_over_what_the_stream_is(stream: io.StringIO, log_format: LogFormat, is_json: bool) -> None:
    configured(stream, log_format=log_format)

    structlog.get_logger().info("hello")

    assert stream.getvalue().startswith("{") is is_json


def test_lines_below_the_level_are_not_written_no_matter_who_logs_them() -> None:
    stream = configured(io.StringIO(), log_level=LogLevel.WARNING)

    for logger in (structlog.get_logger("ours"), logging.getLogger("theirs")):
        logger.info("too small")
        logger.error("big enough")

    assert [line["event"] for line in lines(stream)] == ["big enough", "big enough"]


def test_configuring_again_replaces_the_old_output_instead_of_doubling_it() -> None:
    before = configured(io.StringIO())
    after = configured(io.StringIO())

    structlog.get_logger().info("once")

    assert before.getvalue() == ""
    assert len(lines(after)) == 1


def test_fields_bound_to_the_context_are_on_every_line() -> None:
    stream = configured(io.StringIO())
    structlog.contextvars.bind_contextvars(ticket="T-1")

    structlog.get_logger().info("ours")
    logging.getLogger("theirs").info("theirs")

    assert [line["ticket"] for line in lines(stream)] == ["T-1", "T-1"]


def test_a_workflows_line_says_which_workflow_and_run() -> None:
    stream = configured(io.StringIO())
    details = {"workflow_id": "esc-1", "run_id": "run-1", "workflow_type": "Escalation", "attempt": 2, "namespace": "d"}

    logging.getLogger("temporalio.workflow").info("due", extra={"temporal_workflow": details})

    (line,) = lines(stream)
    assert (line["workflow_id"], line["run_id"], line["workflow"], line["attempt"]) == (
        "esc-1",
        "run-1",
        "Escalation",
        2,
    )
    assert "temporal_workflow" not in line


def test_an_activitys_own_logger_says_which_activity_and_keeps_its_message_constant() -> None:
    stream = configured(io.StringIO())

    def deliver() -> None:
        temporalio.activity.logger.info("delivered")

    environment = ActivityEnvironment()
    environment.run(deliver)

    (line,) = lines(stream)
    info = environment.info
    assert line["event"] == "delivered"
    assert line["activity"] == info.activity_type
    assert line["attempt"] == info.attempt
    assert (line["workflow_id"], line["run_id"]) == (info.workflow_id, info.workflow_run_id)


@pytest.mark.parametrize("key", ["email", "address", "body", "subject", "name", "text", "customer_name", "Subject"])
def test_fields_that_hold_personal_data_are_redacted(key: str) -> None:
    stream = configured(io.StringIO())

    structlog.get_logger().info("ours", **{key: "private words"})
    logging.getLogger("theirs").info(
        "theirs", extra={"details": {key: "private words"}, "many": [{key: "private words"}]}
    )

    assert "private words" not in stream.getvalue()
    assert lines(stream)[0][key] == REDACTED


@pytest.mark.parametrize("key", ["policy_name", "temporal_address", "context", "hostname", "logger_name"])
def test_fields_that_only_sound_similar_stay(key: str) -> None:
    stream = configured(io.StringIO())

    structlog.get_logger().info("ours", **{key: "kept"})

    assert lines(stream)[0][key] == "kept"


def test_a_mail_address_is_redacted_wherever_it_is_even_in_a_traceback() -> None:
    stream = configured(io.StringIO())

    try:
        fail("refused: dana@example.org")
    except ValueError:
        structlog.get_logger().exception("sending to dana@example.org failed", key="<k-1-dana@example.org>")

    (line,) = lines(stream)
    assert "dana" not in stream.getvalue()
    assert "ValueError: refused: [redacted]" in line["exception"]


def test_people_see_no_personal_data_either_and_no_local_variables() -> None:
    stream = configured(Terminal())
    secret_local = "private words"  # noqa: S105 - a value that a chatty traceback would print

    try:
        fail(str(len(secret_local)))
    except ValueError:
        structlog.get_logger().exception("failed", subject="private words")

    assert "private words" not in stream.getvalue().replace('"private words"', "")
    assert "ValueError" in stream.getvalue()


def test_a_value_that_json_does_not_know_is_written_as_text() -> None:
    stream = configured(io.StringIO())

    structlog.get_logger().info("waiting", delay=timedelta(minutes=5))

    assert lines(stream)[0]["delay"] == "0:05:00"
