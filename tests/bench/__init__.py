"""`make bench`: what an escalation costs and how fast it is, beside a bare workflow that does as much of nothing."""
