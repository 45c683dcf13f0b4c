"""One escalation as data: what may be asked of it, what happened to it, and the state that follows from that.

commands (asked) --escalation.lifecycle.decide--> events (facts) --escalation.lifecycle.evolution--> state

Nothing here decides anything. Commands are checked when they are made; events are what the record keeps; the state is
a frozen value that is folded from events and carried by the workflow.
"""
