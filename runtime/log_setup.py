"""Logging for every program of this project: one line per event, the same fields from everywhere, no personal data.

`structlog` and the standard library's loggers (Temporal's SDK among them) end in one handler on stderr: JSON for machines, or
columns for people at a terminal.
"""

import json
import logging
import re
import sys
import threading
import warnings
from collections.abc import Mapping
from types import TracebackType
from typing import Any, TextIO

import structlog
import temporalio.activity
import temporalio.workflow
from structlog.typing import EventDict, Processor, WrappedLogger

from escalation.plain import escaped_in_json, one_line, without_controls
from runtime.settings import LogFormat, Settings

REDACTED = "[redacted]"
PERSONAL_KEYS = frozenset({"email", "address", "body", "subject", "name", "text"})
"""Fields whose value is never logged, alone or with a person before it, like `customer_name`."""

_PERSON = "customer|contact|owner|overseer|person|sender|recipient"
_PERSONAL = re.compile(rf"(?:(?:{_PERSON})_)?(?:{'|'.join(sorted(PERSONAL_KEYS))})(?:e?s)?", re.IGNORECASE)
# Every run of signs that an address may have, an `@` or not: found in one pass, however long a text is.
_MAY_BE_ADDRESS = re.compile(r"[\w.+@-]+")
LONGEST_VALUE = 20_000  # characters of a field; the rest is left out
# Fields whose text has several lines.
_SPANNING = frozenset({"exception", "stack"})
_TEMPORAL_FIELDS = {
    "temporal_workflow": {
        "workflow_id": "workflow_id",
        "run_id": "run_id",
        "workflow_type": "workflow",
        "update_name": "update",
        "attempt": "attempt",
    },
    "temporal_activity": {
        "workflow_id": "workflow_id",
        "workflow_run_id": "run_id",
        "workflow_type": "workflow",
        "activity_type": "activity",
        "attempt": "attempt",
    },
}


def configure_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Send all logging to stderr, in the format and from the level that the settings say. Calling again replaces it.

    Args:
        settings: `log_format` and `log_level` count.
        stream: Where to write instead of stderr.
    """
    target = sys.stderr if stream is None else stream
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = _Handler(target)
    handler.setFormatter(_formatter(settings.log_format, target))
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(settings.log_level.upper())
    # Each request or mail of theirs would be lines with a URL, a peer or an address, and some of these hold secrets.
    for library in ("httpx2", "httpcore2", "mail.log"):
        logging.getLogger(library).setLevel(logging.WARNING)
    # The SDK would put its fields into the message text as well; a message stays constant here.
    temporalio.workflow.logger.workflow_info_on_message = False
    temporalio.activity.logger.activity_info_on_message = False


def log_what_python_writes() -> None:
    """Log what Python itself would write to stderr: warnings, and errors that no code catches. For a whole process."""
    log = logging.getLogger("python")

    def warned(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,  # noqa: ARG001
        line: str | None = None,  # noqa: ARG001
    ) -> None:
        said = {"category": category.__name__, "said": str(message), "at": f"{filename}:{lineno}"}
        log.warning("python warned", extra=said)

    def ended(type_: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("uncaught error", exc_info=(type_, error, trace))

    def ignored(found: "sys.UnraisableHookArgs") -> None:
        error = found.exc_value or found.exc_type()
        where = {"at": found.err_msg or "", "of": repr(found.object)}
        log.error("error that no code could catch", exc_info=(found.exc_type, error, found.exc_traceback), extra=where)

    warnings.showwarning = warned
    sys.excepthook = ended
    sys.unraisablehook = ignored
    threading.excepthook = lambda found: ended(found.exc_type, found.exc_value or found.exc_type(), found.exc_traceback)


class _Handler(logging.StreamHandler[TextIO]):
    """Ours: so that configuring again finds it."""


def _shared() -> list[Processor]:
    """The processors of each line, wherever it comes from."""
    return [structlog.contextvars.merge_contextvars, structlog.stdlib.filter_by_level, *_fields()]


def _fields() -> list[Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        flatten_temporal,
        structlog.processors.StackInfoRenderer(),
    ]


def _formatter(log_format: LogFormat, target: TextIO) -> logging.Formatter:
    people = log_format is LogFormat.CONSOLE or (log_format is LogFormat.AUTO and target.isatty())
    if people:
        renderers: list[Processor] = [_on_one_line, structlog.dev.ConsoleRenderer(colors=target.isatty())]
    else:
        renderers = [structlog.processors.JSONRenderer(serializer=_dumps, ensure_ascii=False, default=str)]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ExtraAdder(),
            _drop_rendered,
            *_fields(),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            # Rendered here, as text without local variables, so that it passes through the redaction too.
            structlog.processors.format_exc_info,
            redact,
            *renderers,
        ],
    )


def _drop_rendered(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    # Leave out what another handler's formatter left on the record: it is the event once more.
    return {key: value for key, value in event.items() if key not in {"message", "asctime"}}


def _on_one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    # Keep outside text from steering the terminal, or from looking like a log line of its own.
    return {key: _indented(value) if key in _SPANNING else _visible(value) for key, value in event.items()}


def _visible(value: object) -> object:
    return one_line(value) if isinstance(value, str) else value


def _indented(value: object) -> object:
    # A traceback keeps its lines, each behind blanks: no log line begins with those.
    if not isinstance(value, str):
        return value
    return "\n".join(f"  {without_controls(line)}" for line in value.split("\n"))


def _dumps(value: object, **options: Any) -> str:
    # JSON in which no character can steer the terminal that shows it; it still means the same.
    return escaped_in_json(json.dumps(value, **options))


def flatten_temporal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Turn the SDK's `temporal_workflow` and `temporal_activity` into plain fields of ours; of its core, keep what it says."""
    core = event.pop("temporal_log", None)
    if core is not None:
        event.setdefault("fields", dict(core.fields))
    for source, fields in _TEMPORAL_FIELDS.items():
        details = event.pop(source, None)
        if isinstance(details, Mapping):
            for theirs, ours in fields.items():
                if theirs in details:
                    event.setdefault(ours, details[theirs])
    return event


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop personal data: the value of each field that is known to hold it, and mail addresses anywhere."""
    return {key: REDACTED if _PERSONAL.fullmatch(key) else _clean(value) for key, value in event.items()}


def _clean(value: object) -> object:
    if isinstance(value, str):
        cut = value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"
        return _MAY_BE_ADDRESS.sub(_redacted, cut)
    if isinstance(value, Mapping):
        return {key: REDACTED if _PERSONAL.fullmatch(str(key)) else _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(each) for each in value]
    return value


def _redacted(run: re.Match[str]) -> str:
    address = run[0].rstrip(".+-")  # a full stop after it is the sentence's
    is_address = "." in address.partition("@")[2]
    return REDACTED + run[0][len(address) :] if is_address else run[0]
