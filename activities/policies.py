"""The activity that looks policies up."""

from temporalio import activity

from activities.contracts import LoadedPolicy, LoadPolicyInput
from activities.ports import Policies
from activities.translate import translated


class PolicyActivities:
    """Which policy an escalation begins with, or goes on with."""

    def __init__(self, policies: Policies) -> None:
        self._policies = policies

    @activity.defn(name="load_policy")
    @translated
    async def load_policy(self, wanted: LoadPolicyInput) -> LoadedPolicy:
        """The compiled policy; version 0 is the newest at this moment."""
        return await self._policies.load(wanted.name, wanted.version)
