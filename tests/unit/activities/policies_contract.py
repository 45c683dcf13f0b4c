"""What every Policies must do, whatever it is made of; run against the fake and against PostgreSQL."""

import asyncio
from dataclasses import replace

import pytest

from activities.errors import UnknownPolicy
from activities.ports.rules import Policies
from escalation.case.values import PolicyRef
from tests.example_policy import EXAMPLE


class PoliciesContract:
    """Fixtures needed: `policies`."""

    async def test_an_unknown_policy_is_named_in_the_error(self, policies: Policies) -> None:
        with pytest.raises(UnknownPolicy, match="`default`"):
            await policies.load("default")

    async def test_an_unknown_version_is_named_in_the_error(self, policies: Policies) -> None:
        await policies.store(EXAMPLE, "a")
        with pytest.raises(UnknownPolicy, match="version 2"):
            await policies.load(EXAMPLE.name, 2)

    async def test_a_policy_comes_back_as_it_was_stored(self, policies: Policies) -> None:
        ref = await policies.store(EXAMPLE, "a")
        loaded = await policies.load(EXAMPLE.name)
        assert (loaded.ref, loaded.policy) == (ref, EXAMPLE)
        assert ref == PolicyRef(name=EXAMPLE.name, version=1, checksum="a")

    async def test_the_same_checksum_is_kept_once(self, policies: Policies) -> None:
        assert await policies.store(EXAMPLE, "a") == await policies.store(EXAMPLE, "a")
        with pytest.raises(UnknownPolicy, match="version 2"):
            await policies.load(EXAMPLE.name, 2)

    async def test_a_changed_policy_becomes_the_next_version_and_the_old_one_stays(self, policies: Policies) -> None:
        changed = replace(EXAMPLE, satisfied_from=5)
        await policies.store(EXAMPLE, "a")
        assert (await policies.store(changed, "b")).version == 2
        assert (await policies.load(EXAMPLE.name)).policy == changed
        assert (await policies.load(EXAMPLE.name, 1)).policy == EXAMPLE

    async def test_undoing_an_edit_puts_the_earlier_version_back_in_force(self, policies: Policies) -> None:
        await policies.store(EXAMPLE, "a")
        await policies.store(replace(EXAMPLE, satisfied_from=5), "b")
        assert (await policies.store(EXAMPLE, "a")).version == 1
        assert (await policies.load(EXAMPLE.name)).ref.version == 1
        assert (await policies.store(replace(EXAMPLE, satisfied_from=3), "c")).version == 3

    async def test_policies_are_numbered_by_name(self, policies: Policies) -> None:
        await policies.store(EXAMPLE, "a")
        other = await policies.store(replace(EXAMPLE, name="other"), "a")
        assert (other.version, (await policies.load("other")).policy.name) == (1, "other")

    async def test_many_that_store_at_once_agree_on_the_versions(self, policies: Policies) -> None:
        refs = await asyncio.gather(*(policies.store(EXAMPLE, f"checksum-{n % 4}") for n in range(12)))
        assert {ref.version for ref in refs} == {1, 2, 3, 4}
        assert len({(ref.version, ref.checksum) for ref in refs}) == 4
