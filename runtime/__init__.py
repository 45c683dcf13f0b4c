"""Infrastructure of every process: settings, logging, the connection to Temporal, start checks, embedded servers."""
