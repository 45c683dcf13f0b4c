"""API keys: 256 random bits, of which only the SHA-256 is kept.

A key reads `esc_ID_SECRET`. Its id is public: lists and logs name it. A slow hash is for passwords, which people choose;
256 random bits cannot be guessed, however fast the hash is.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hmac import compare_digest

from activities.adapters.postgres.api_keys import ApiKey, ApiKeys
from activities.adapters.postgres.links import hash_of
from starter.http.access.callers import Caller, Unauthenticated
from starter.http.access.roles import Role

PREFIX = "esc_"
DEV_NAME = "dev"  # name of the keys that a server prints for itself
DEV_LASTS = timedelta(days=7)

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_ID_LENGTH = 8
_NO_HASH = bytes(32)


class UnknownKey(Exception):
    """There is no key with this id, or none that works."""


class Keys:
    """Creates, checks and ends keys."""

    def __init__(self, store: ApiKeys, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def create(self, key: ApiKey) -> str:
        """Keep the key, and return its text with the secret, which is kept nowhere."""
        secret = secrets.token_urlsafe(32)
        await self._store.put(key, hash_of(secret))
        return f"{PREFIX}{key.id}_{secret}"

    async def rotate(self, key_id: str, *, overlap: timedelta, lasts: timedelta | None) -> tuple[ApiKey, str]:
        """A new key with the same rights; the old one works until the overlap has passed.

        Raises:
            UnknownKey: None of this id works.
        """
        now = self._clock()
        found = await self._store.find(key_id)
        if found is None or not found[0].works(now):
            raise UnknownKey(f"no key `{key_id}` works; `escalations keys list` shows them, `keys create` makes one")
        expires = None if lasts is None else now + lasts
        new = replace(found[0], id=new_id(), created_at=now, expires_at=expires, used_at=None, replaces=key_id)
        text = await self.create(new)
        await self._store.let_expire(key_id, now + overlap)
        return new, text

    async def revoke(self, key_id: str) -> None:
        """End a key at once.

        Raises:
            UnknownKey: There is none of this id.
        """
        if not await self._store.revoke(key_id, self._clock()):
            raise UnknownKey(f"there is no key `{key_id}`; `escalations keys list` shows them")

    async def caller(self, text: str) -> Caller:
        """The caller of this key.

        Raises:
            Unauthenticated: It is not a key, or not valid any more; one answer for all of these.
        """
        return caller_of(await self.checked(text))

    async def checked(self, text: str) -> ApiKey:
        """The key with this text, which works; raises as `caller`."""
        key_id, _, secret = text.removeprefix(PREFIX).partition("_")
        well_formed = text.startswith(PREFIX) and key_id.isascii() and key_id.isalnum() and len(key_id) <= 40
        found = await self._store.find(key_id) if well_formed else None
        # Compared in any case, so that the time does not say whether the id exists.
        is_right = compare_digest(hash_of(secret), found[1] if found else _NO_HASH)
        now = self._clock()
        if found is None or not is_right or not found[0].works(now):
            raise Unauthenticated("the API key is unknown, expired or revoked")
        await self._store.used(key_id, now)
        return found[0]

    async def for_this_machine(self) -> str:
        """An administrator's key for a server that no one has configured, to be printed; empty where there are other keys."""
        now = self._clock()
        if await self._store.any_works(now, besides=DEV_NAME):
            return ""
        key = ApiKey(
            id=new_id(), name=DEV_NAME, role=Role.ADMIN, names_actors=True, created_at=now, expires_at=now + DEV_LASTS
        )
        return await self.create(key)


def caller_of(key: ApiKey) -> Caller:
    """The caller of a key."""
    return Caller(
        credential=f"key:{key.id}",
        actor=key.person or key.name,
        role=Role(key.role),
        names_actors=key.names_actors,
        sources=key.sources,
        tickets=key.tickets,
    )


def new_id() -> str:
    """The public part of a new key, without letters that read alike."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
