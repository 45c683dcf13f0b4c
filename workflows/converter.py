"""Converts values for Temporal: JSON, without what a default says anyway, and compressed where it is long.

A field that has its default value is left out, so defaults are part of the wire contract: one that was ever
released must not change its value, or old histories would read differently.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from enum import Enum
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    EncodingPayloadConverter,
)

from escalation.case.codec import adapter_of

MOST_BYTES = 1_800_000
"""Longest value from outside, packed and unpacked: a command with a long text, whatever its characters. The server takes 2 MiB."""
MOST_UNPACKED = 33_554_432
"""Longest value of our own, unpacked: what a run hands to the next one has at most 2 MiB packed."""
COMPRESS_FROM = 2048  # bytes of JSON from which it is compressed; shorter values stay readable in the Temporal UI

HURRY_FROM = 200_000
"""Bytes of JSON from which it is compressed in a hurry: a workflow task has 2 s in all, also on a busy machine."""

_PACKED = b"json/zlib"

NO_INPUT = RawValue(Payload())  # stands for an argument that was not given, so that a workflow can say so
SEVERAL = RawValue(Payload(metadata={"encoding": b"several"}))
"""Stands for more arguments than a workflow takes, so that it can refuse them in words."""
DISCRIMINATOR = "kind"  # the field that identifies the member of a union; always written


class CompactPayloadConverter(PydanticJSONPlainPayloadConverter):
    """Pydantic's JSON, leaving out the fields of dataclasses that have their defaults."""

    def to_payload(self, value: Any) -> Payload | None:
        """The value as compact JSON."""
        return super().to_payload(compact(value))

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """The value that `to_payload` wrote."""
        return adapter_of(Any if type_hint is None else type_hint).validate_json(payload.data)


class CompressedPayloadConverter(EncodingPayloadConverter):
    """The same JSON, compressed; only for what is long. A policy snapshot shrinks to about a third or less."""

    def __init__(self) -> None:
        self._json = CompactPayloadConverter()

    @property
    def encoding(self) -> str:
        """See base class."""
        return _PACKED.decode()

    def to_payload(self, value: Any) -> Payload | None:
        """The value as compressed JSON; None where it is short, so that the next converter writes it readably."""
        if not is_dataclass(value):
            return None
        payload = self._json.to_payload(value)
        if payload is None or len(payload.data) < COMPRESS_FROM:
            return None
        level = 9 if len(payload.data) < HURRY_FROM else 1
        return Payload(metadata={"encoding": self.encoding.encode()}, data=zlib.compress(payload.data, level))

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """The value that `to_payload` wrote."""
        return self._json.from_payload(Payload(data=_unpacked(payload.data, MOST_UNPACKED)), type_hint)


class EscalationPayloadConverter(CompositePayloadConverter):
    """The default converters, with compact JSON for our values."""

    def from_payloads(self, payloads: Sequence[Payload], type_hints: list[type] | None = None) -> list[Any]:
        """The values. Several that no one declared are one value that says so: nothing of ours takes several."""
        if len(payloads) > 1 and not type_hints:
            return [SEVERAL]
        return super().from_payloads(payloads, type_hints)

    def __init__(self) -> None:
        compact_json = CompactPayloadConverter()
        super().__init__(
            CompressedPayloadConverter(),
            *(
                compact_json if converter.encoding == compact_json.encoding else converter
                for converter in DefaultPayloadConverter.default_encoding_payload_converters
            ),
        )


DATA_CONVERTER: DataConverter = replace(DataConverter.default, payload_converter_class=EscalationPayloadConverter)
"""What every client and worker of the project uses."""


def fits(payload: Payload) -> bool:
    """Whether a value from outside is short enough to be read at all, also once it is unpacked."""
    if len(payload.data) > MOST_BYTES:
        return False
    if payload.metadata.get("encoding") != _PACKED:
        return True
    try:
        _unpacked(payload.data, MOST_BYTES)
    except TooLong:
        return False
    except zlib.error:
        pass  # the reader reports it
    return True


class TooLong(ValueError):
    """A compressed value is longer than any of ours."""


def _unpacked(data: bytes, most: int) -> bytes:
    """The bytes, unpacked only as far as they may go."""
    unpacking = zlib.decompressobj()
    found = unpacking.decompress(data, most + 1)
    if len(found) > most:
        raise TooLong(f"it unpacks to more than {most:,} bytes")
    if not unpacking.eof or unpacking.unused_data:
        raise zlib.error("incomplete data, or more data than one value")
    return found


def build_readers(types: Iterable[Any]) -> None:
    """Build what reads values of these types now, rather than when the first of them arrives."""
    for each in types:
        adapter_of(each)


def compact(value: Any) -> Any:
    """The value as plain dicts and lists, without fields that have their defaults."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: compact(getattr(value, field.name))
            for field in fields(value)
            if field.name == DISCRIMINATOR or not _has_default(field, getattr(value, field.name))
        }
    if isinstance(value, dict):
        return {_key(key): compact(item) for key, item in value.items()}
    if isinstance(value, (tuple, list, frozenset, set)):
        return [compact(item) for item in value]
    return value


def _key(key: Any) -> Any:
    return key.value if isinstance(key, Enum) else key


def _has_default(field: Field[Any], value: object) -> bool:
    if field.default is not MISSING:
        return bool(value == field.default)
    return field.default_factory is not MISSING and bool(value == field.default_factory())
