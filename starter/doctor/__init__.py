"""What an installation needs, how it is, and what to do where it is not well."""
