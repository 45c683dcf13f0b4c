"""The team lead's board: cases at risk, load, and what did not happen."""
