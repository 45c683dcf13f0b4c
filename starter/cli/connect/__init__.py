"""The command that connects a product."""
