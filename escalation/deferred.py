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
        """An attribute of the module, which the first access imports."""
        return getattr(import_module(self.__name__), name)
