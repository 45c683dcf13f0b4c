"""Commands on policy files; they need no server."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.text import Text

from escalation.errors import InvalidPolicy
from escalation.vocabulary import Category, Reason, Severity
from starter.cli.amounts import amount_of
from starter.cli.context import Context
from starter.cli.exits import PoliciesDiffer
from starter.cli.output import cell
from starter.cli.parameters import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A policy file that can be used, for programs."""

    file: str
    policy: str
    checksum: str


class PolicyCommands:
    """Checks policy files, compares them, and shows what they mean."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def check(self, file: Path, *files: Path) -> None:
        """Compile policy files and tell every problem at once, each with file and line.

        Args:
            file: A policy file.
            files: More of them.
        """
        from starter.cli.policy.files import compile_file  # noqa: PLC0415 (slow to import; see there)

        sound: list[Sound] = []
        problems: list[str] = []
        for each in (file, *files):
            try:
                compiled = compile_file(each, self._context.now())
            except InvalidPolicy as error:
                problems += error.problems
            else:
                sound.append(Sound(file=str(each), policy=compiled.policy.name, checksum=compiled.checksum))
        lines = (cell(f"{one.file}: ok, policy {one.policy}, checksum {one.checksum}") for one in sound)
        if sound:
            self._context.out.items(sound, Text("\n").join(lines))
        if problems:
            raise InvalidPolicy(problems)

    def explain(
        self,
        file: Path,
        *,
        severity: Severity,
        category: Category,
        reasons: Annotated[tuple[Reason, ...], Parameter(name="--reason")] = (),
        customer_tier: str = "",
        at: Instant | None = None,
    ) -> None:
        """Show, dated, what a policy does to an escalation that nobody touches.

        Args:
            file: A policy file.
            severity: Of the escalation.
            category: Of the escalation.
            reasons: Why it is escalated, where a reason has a lane of its own; repeat it for each.
            customer_tier: The customer's contract tier.
            at: When it is opened, with offset; now when not given.
        """
        from escalation.compiler import explain_limits, explain_policy  # noqa: PLC0415 (slow to import)
        from starter.cli.policy.files import compile_file, rows_table  # noqa: PLC0415 (slow to import; see there)

        opened_at = at or self._context.now()
        policy = compile_file(file, opened_at).policy
        rows = explain_policy(policy, severity, category, opened_at, reasons=reasons, customer_tier=customer_tier)
        limits = explain_limits(policy, category, reasons=reasons)
        self._context.out.items([*rows, *limits], rows_table(rows, limits, opened_at))

    def diff(self, old: Path, new: Path, *, exit_code: bool = False) -> None:
        """Show what is different between what two policy files mean, not between how they are written.

        Args:
            old: A policy file.
            new: Another one.
            exit_code: End with exit code 1 when they differ, for scripts.
        """
        from escalation.compiler import diff_policies, diff_triage  # noqa: PLC0415 (slow to import)
        from starter.cli.policy.files import changes_document, changes_table, compile_files  # noqa: PLC0415 (as above)

        before, after = compile_files((old, new), self._context.now())
        changes = (*diff_policies(before.policy, after.policy), *diff_triage(before.triage, after.triage))
        self._context.out.document(changes_document(changes), changes_table(changes))
        if changes and exit_code:
            raise PoliciesDiffer(f"{amount_of(len(changes), 'difference')} between {old} and {new}")


def register(app: App, context: Context) -> None:
    """Add `policy` with its commands to the command line."""
    of = PolicyCommands(context)
    group = App(name="policy", help="Check policy files, and see what they mean.")
    group.command(of.check)
    group.command(of.explain)
    group.command(of.diff)
    app.command(group)
