"""Commands on tickets in help desks."""
