"""Incoming mail from any source: read, threaded and stored before it is accepted."""
