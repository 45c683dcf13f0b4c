"""The policy compiler: from the file that a support lead writes to the snapshot that an escalation carries.

Pure: text in, value out. It reads no file and no clock.
"""
