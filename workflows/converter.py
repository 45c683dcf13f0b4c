"""How values travel through Temporal: JSON, without what a default says anyway, and compressed where it is long.

A field that has its default value is left out, so defaults are part of the wire contract: one that was ever
released must not change its value, or old histories would read differently.
"""

import zlib
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    EncodingPayloadConverter,
)

COMPRESS_FROM = 2048
"""Bytes of JSON from which it is compressed; shorter values stay readable in the Temporal UI."""

DISCRIMINATOR = "kind"
"""The field that tells the members of a union apart; always written."""


class CompactPayloadConverter(PydanticJSONPlainPayloadConverter):
    """Pydantic's JSON, leaving out the fields of dataclasses that have their defaults."""

    def to_payload(self, value: Any) -> Payload | None:
        """The value as compact JSON."""
        return super().to_payload(compact(value))

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """The value that `to_payload` wrote."""
        return _adapter(Any if type_hint is None else type_hint).validate_json(payload.data)


class CompressedPayloadConverter(EncodingPayloadConverter):
    """The same JSON, compressed; only for what is long. A policy snapshot shrinks to about a third or less."""

    def __init__(self) -> None:
        self._json = CompactPayloadConverter()

    @property
    def encoding(self) -> str:
        """See base class."""
        return "json/zlib"

    def to_payload(self, value: Any) -> Payload | None:
        """The value as compressed JSON; None where it is short, so that the next converter writes it readably."""
        if not is_dataclass(value):
            return None
        payload = self._json.to_payload(value)
        if payload is None or len(payload.data) < COMPRESS_FROM:
            return None
        return Payload(metadata={"encoding": self.encoding.encode()}, data=zlib.compress(payload.data, 9))

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """The value that `to_payload` wrote."""
        return self._json.from_payload(Payload(data=zlib.decompress(payload.data)), type_hint)


class EscalationPayloadConverter(CompositePayloadConverter):
    """The default converters, with compact JSON for our values."""

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


@lru_cache(maxsize=512)
def _adapter(type_hint: Any) -> TypeAdapter[Any]:
    """One for the whole process: the SDK makes a converter for each workflow, and an adapter costs milliseconds."""
    return TypeAdapter(type_hint)


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
