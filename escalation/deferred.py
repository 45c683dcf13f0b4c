"""Modules that are imported on first use.

A policy is checked, and a page of help shown, without a single event; half of the time either takes to start would go into
importing them. Write the ordinary import under `TYPE_CHECKING`, for the type checker and the import contracts.
"""

from importlib import import_module
from types import ModuleType
from typing import Any


class Deferred(ModuleType):
    """The module of its name, not imported yet."""

    def __getattr__(self, name: str) -> Any:
        """What the module has of that name; imports it at the first."""
        return getattr(import_module(self.__name__), name)
