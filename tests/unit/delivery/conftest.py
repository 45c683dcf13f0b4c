"""Fixtures of the delivery tests."""

import pytest
from temporalio.runtime import MetricBuffer, Runtime, TelemetryConfig

from tests.unit.delivery.delivering import World


@pytest.fixture(scope="session")
def metrics() -> tuple[Runtime, MetricBuffer]:
    """The SDK's own meter, read instead of exported."""
    buffer = MetricBuffer(10_000)
    return Runtime(telemetry=TelemetryConfig(metrics=buffer)), buffer


@pytest.fixture
def world(metrics: tuple[Runtime, MetricBuffer]) -> World:
    return World(metrics)
