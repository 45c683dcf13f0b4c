"""Commands on who may act from outside."""
