"""The demo: plays real tickets on real servers at compressed time, with a live table."""
