"""Commands that read and maintain the record in PostgreSQL, and prepare a Temporal namespace."""
