"""Access over HTTP: keys, tokens of an identity provider, roles."""
