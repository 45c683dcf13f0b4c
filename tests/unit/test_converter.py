"""What the payload converter takes, and how long it may be."""

import tracemalloc
import zlib

import pytest
from temporalio.api.common.v1 import Payload

from workflows.converter import MOST_BYTES, MOST_UNPACKED, CompressedPayloadConverter, TooLong, fits

PACKED = {"encoding": b"json/zlib"}


@pytest.mark.slow
def test_a_payload_that_unpacks_to_hundreds_of_megabytes_is_never_unpacked_whole() -> None:
    bomb = Payload(metadata=PACKED, data=zlib.compress(b"0" * 200_000_000, 1))
    tracemalloc.start()
    try:
        assert not fits(bomb)
        with pytest.raises(TooLong, match="33,554,432 bytes"):
            CompressedPayloadConverter().from_payload(bomb, str)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * MOST_UNPACKED


@pytest.mark.parametrize(
    ("data", "is_short"),
    [(b'"x"', True), (b"0" * MOST_BYTES, True), (b"0" * (MOST_BYTES + 1), False)],
)
def test_a_value_from_outside_fits_as_long_as_it_is_short_packed_and_unpacked(data: bytes, is_short: bool) -> None:
    assert fits(Payload(metadata={"encoding": b"json/plain"}, data=data)) is is_short
    assert fits(Payload(metadata=PACKED, data=zlib.compress(data))) is is_short


@pytest.mark.parametrize("data", [b"", b"junk", zlib.compress(b'"x"')[:-1], zlib.compress(b'"x"') + b"more"])
def test_what_is_not_a_compressed_value_is_an_error_and_no_endless_work(data: bytes) -> None:
    payload = Payload(metadata=PACKED, data=data)
    assert fits(payload)
    with pytest.raises(zlib.error):
        CompressedPayloadConverter().from_payload(payload, str)
