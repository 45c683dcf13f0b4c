"""The command that checks an installation."""

from pydantic import SecretStr

from runtime.settings import Settings, SettingsError
from starter.cli.context import InContext
from starter.cli.exits import Findings
from starter.cli.output import cell
from starter.cli.record.database import embedded_record, record_dsn
from starter.cli.tables import table_of
from starter.doctor.examine import examine
from starter.doctor.finding import Health

_STYLES = {Health.WELL: "green", Health.SOON: "yellow", Health.BAD: "bold red", Health.UNUSED: "dim"}


async def doctor(*, context: InContext) -> None:
    """Check servers, files and connected products, and say how to fix each problem; exit 1 if there is one."""
    findings = await examine(_settings(), context.now(), own_sink=_has_own_sink())
    table = table_of("what", "is", "details")
    for one in findings:
        table.add_row(cell(one.what), cell(one.health.value, _STYLES[one.health]), cell(one.says))
    context.out.items(findings, table)
    bad = [one.what for one in findings if one.health is Health.BAD]
    if bad:
        raise Findings("doctor", f"not well: {', '.join(bad)}")


def _settings() -> Settings:
    """Those of the environment, with the database of `worker.py --dev` where none is set."""
    settings = Settings.load()
    if settings.dsn is not None:
        return settings
    try:
        return settings.model_copy(update={"dsn": SecretStr(record_dsn())})
    except SettingsError:
        return settings


def _has_own_sink() -> bool:
    """Whether the worker that runs in our data folder takes its mail itself: no relay and no database are set."""
    settings = Settings.load()
    if settings.dsn is not None or "smtp_host" in settings.model_fields_set:
        return False
    record = embedded_record(settings)
    return record is not None and record.smtp is not None
