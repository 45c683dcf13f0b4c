"""The side effects that decisions ask for: effects, letters, and who wrote them."""
