"""Commands on API keys and links."""
