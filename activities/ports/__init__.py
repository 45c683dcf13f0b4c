"""The ports: what activities need from the world. Adapters and fakes carry the same names."""
