"""The agent's pages: what is theirs to do, and a case on one screen with what can be done now."""
