"""Incidents, the common cause of many escalations, with their own decider. Pure, like the whole domain."""
