"""Who is logged in to the pages of the team, and how they get there."""
