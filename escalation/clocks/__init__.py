"""The clocks of an escalation: what starts and stops them, when they are due, and why.

`definition` is the table of clocks; `timing` turns a target and a calendar into instants; `deadlines` lists what is due
and when; `answers` says which event answers which clock; `undelivered` takes back what a letter that never arrived had
done; `explain` shows the arithmetic to people.
"""
