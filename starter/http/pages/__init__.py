"""The shared parts of all pages; each kind of page has its own package beside this one."""
