"""Help desks by their REST APIs, one module for each product."""
