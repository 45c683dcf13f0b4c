"""The letters of the product, for every test of a process: to compile them takes most of a second."""

from activities.adapters.templates import Templates

LETTERS = Templates()
