"""The adapters behind the ports: PostgreSQL, SMTP."""
