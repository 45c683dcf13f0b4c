"""The decision on each command, by area. Only `escalation.lifecycle.decide` calls these.

What makes no sense they refuse with `InvalidCommand`, what this person may not do with `NotAllowed`; the message says why.
"""
