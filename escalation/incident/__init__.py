"""One cause, many escalations: the incident, a decider of its own. Pure, as all of the domain."""
