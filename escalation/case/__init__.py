"""One escalation as data: its commands, its events, and the state that the events fold to.

commands (asked) --escalation.lifecycle.decide--> events (facts) --escalation.lifecycle.evolution--> state

Nothing here decides anything. Commands are checked when they are made; events are what the record keeps; the state is
a frozen value that is folded from events and carried by the workflow.
"""
