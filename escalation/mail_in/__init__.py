"""Mail that comes in: what it says, who sent it, which letter it answers, and what follows for the case."""
