"""The stack that runs on one machine with no set-up: real servers from wheels, their data in one folder.

Import what you need from its module. Nothing is imported here, so that reading `record` never needs the
`embedded` extra.
"""
