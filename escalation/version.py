"""The version of the whole application, in one place."""

VERSION = "0.2.0"
