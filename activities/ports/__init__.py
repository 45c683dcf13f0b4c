"""The ports: what activities need from outside. Adapters and fakes have the same names."""
