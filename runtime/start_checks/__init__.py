"""What a program looks at before it says that it is ready: Temporal, PostgreSQL, files and ports."""
