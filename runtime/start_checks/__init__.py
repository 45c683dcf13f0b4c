"""Start-up checks of a program: Temporal, PostgreSQL, files and ports."""
