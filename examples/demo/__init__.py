"""The demo: real tickets live their whole life in front of the user, on real servers, at compressed time."""
