"""The board of a team's lead: what is at risk now, who has how much, and what did not happen."""
