"""Commands on webhooks that came in."""
