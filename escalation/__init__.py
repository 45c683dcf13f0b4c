"""The domain: what an escalation is, what may happen to it, and when something is due.

Pure. Nothing in this package reads a clock, draws a random number, logs, or talks to anything.
"""
