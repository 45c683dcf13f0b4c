"""The clock of a fake."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Answers with the present instant, aware and in UTC."""
