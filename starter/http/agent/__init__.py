"""The agent's pages: their queue, and each case on one screen with the possible actions."""
