"""REST: the client's commands and questions, each a route made from its definition."""
