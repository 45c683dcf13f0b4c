"""Incoming mail: its text, its sender, the letter that it answers, and its effect on the case."""
