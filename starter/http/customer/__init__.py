"""The customer's page, behind the link in each letter to them."""
