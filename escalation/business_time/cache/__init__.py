"""Open seconds and open days, computed once per block of days, so that long periods cost no more than short ones.

Nothing here is a rule. What is open when is in `escalation.business_time.openings`; walking along those stretches one by
one gives the same answers (`tests/unit/domain/test_caches.py`), only later.
"""
