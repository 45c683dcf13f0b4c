"""Limits on what a state carries for the hand-off packet; the timeline has it all."""

NOTES_KEPT, PROPOSALS_KEPT, REFUSALS_KEPT, UNANSWERED_KEPT = 5, 10, 10, 10
"""How many notes, proposed solutions, people who did not take the case, and unanswered words of the customer."""
WORDS_KEPT = 300  # how many characters of each note, and of what the customer wrote last
QUOTED_KEPT = 500  # how many characters of what the customer wrote before the opening
