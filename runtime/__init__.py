"""What a process of this project runs on: settings, logging, the connection to Temporal, start checks, embedded servers."""
