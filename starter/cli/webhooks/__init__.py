"""Commands on received webhooks."""
