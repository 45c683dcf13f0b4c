"""What all pages share; each kind of page has its own package beside this one."""
