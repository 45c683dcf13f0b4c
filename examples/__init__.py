"""Things to try: real tickets, a team, and the demo."""
