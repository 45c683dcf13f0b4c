"""Reads files that people write: YAML with line numbers, iCalendar, and text in whichever encoding an editor chose."""
