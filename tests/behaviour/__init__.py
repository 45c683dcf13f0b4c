"""Hashes what the product does, so that two trees can be compared; see `tests.behaviour.__main__`."""
