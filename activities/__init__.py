"""Side effects behind ports: assigning owners, delivering messages, keeping the record."""
