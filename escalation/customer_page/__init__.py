"""The facts that the customer's page may show: an allow-list of typed values. Everything else stays with the team.

No internal note, reason, tier, id or address of a colleague, hand-off packet, severity or summary of the team's has a
field in these values. Colleagues are shown by name, or not at all.
"""

from escalation.customer_page.page import *
from escalation.customer_page.timeline import *
