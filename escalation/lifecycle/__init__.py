"""The rules of an escalation's life: which command is possible when, what it decides, and how events fold into state.

`decide` holds the table of transitions and the one entry for commands and timers; `decisions` has a module for each
area (opening, ownership, climbing, conversation, closing, ...); `evolution` folds events into state; `view` is the flat
row that people and the search see.
"""
