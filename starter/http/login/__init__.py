"""Login to the team's pages, and sessions."""
