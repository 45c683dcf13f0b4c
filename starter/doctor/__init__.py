"""Checks what an installation needs, and says how to fix each problem."""
