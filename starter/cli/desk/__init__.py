"""Commands on tickets of help desks that are kept in step."""
