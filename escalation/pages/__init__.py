"""Pages of the documentation that are written out from the tables the code runs on: `docs/states.md`, `docs/limits.md`."""
