"""The activity that looks policies up."""

from dataclasses import replace

from temporalio import activity

from activities.contracts import LoadedPolicy, LoadPolicyInput
from activities.ports.rules import Policies
from activities.temporal_errors import translated
from escalation.lifecycle.rules_version import DEFAULT


class PolicyActivities:
    """Loads the policy of an escalation."""

    def __init__(self, policies: Policies, *, rules: int = DEFAULT, pages: str = "") -> None:
        """Look up in `policies`.

        Args:
            rules: Those that cases opened from now on follow; see `escalation.lifecycle.rules_version`.
            pages: Address of the server with the pages, without a slash at the end; empty for none.
        """
        self._policies = policies
        self._rules = rules
        self._pages = pages

    @activity.defn(name="load_policy")
    @translated
    async def load_policy(self, wanted: LoadPolicyInput) -> LoadedPolicy:
        """The compiled policy, version 0 is the newest at this moment; the rules that go with it; where the pages are."""
        loaded = await self._policies.load(wanted.name, wanted.version)
        return replace(loaded, rules=self._rules, pages=self._pages)
