"""Python looks for cycles among all objects, again and again; what the modules of the tests made stays until the end anyway."""

import gc

import pytest


def pytest_sessionstart() -> None:
    """Look for none while tests are collected."""
    gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Look for those that tests make, among what is made from now on."""
    gc.freeze()
    gc.enable()
