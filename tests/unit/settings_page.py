"""The page `docs/settings.md`, made from the settings: `python -m tests.unit.settings_page > docs/settings.md`."""

import sys

from pydantic.fields import FieldInfo

from runtime.http_settings import HttpSettings
from runtime.settings import PREFIX, Settings, hint

_HEAD = """\
# Settings

Generated from `runtime/settings.py` by `python -m tests.unit.settings_page > docs/settings.md`; a test fails if this page is stale.

Every process reads its settings from the environment. A variable that is set to nothing counts as not set.
An invalid value stops the program with one line: the variable, the problem, what to write.

| Variable | Default | Meaning | Value |
|---|---|---|---|
"""
_TAIL = """
## Temporal

The Temporal SDK reads how to reach Temporal from the environment (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`,
`TEMPORAL_API_KEY`, `TEMPORAL_TLS…`), or from a profile (`TEMPORAL_PROFILE`) in the file that `TEMPORAL_CONFIG_FILE`
names. If none of them gives an address and `worker.py --dev` runs on the same data folder, its server is used;
otherwise `localhost:7233`. An address is a host and a port, without `https://`. `TEMPORAL_API_KEY` and
every `TEMPORAL_TLS…` variable turn TLS on, `TEMPORAL_TLS=false` turns it off.

[Start-up checks](operations.md#start-up-checks) lists the errors for invalid settings and unreachable servers.
"""


def settings_table() -> str:
    """The page `docs/settings.md`: every variable, its default, what it does and what to write."""
    http_last = sorted(Settings.model_fields.items(), key=lambda each: each[0] in HttpSettings.model_fields)
    rows = (_row(name, field) for name, field in http_last)
    return _HEAD + "".join(rows) + _TAIL


def _row(name: str, field: FieldInfo) -> str:
    unset = field.default in (None, ()) or field.default_factory is not None
    default = "not set" if unset else f"`{_spelled(field.default)}`"
    return f"| `{PREFIX}{name.upper()}` | {default} | {field.description} | {hint(name)} |\n"


def _spelled(default: object) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)


if __name__ == "__main__":
    sys.stdout.write(settings_table())
