"""The domain: what an escalation is, what may happen to it, and when something is due.

Pure. Nothing in this package reads a clock, draws a random number, logs, or talks to anything.

Instants are aware datetimes in UTC, and numbers that measure time are seconds where nothing else is said. `state`
is the case as its events have left it, `policy` the compiled policy that it follows, `now` the instant of the decision.
Docstrings do not repeat this; they list the arguments that need more words.
"""
