"""Webhooks in: what a help desk, pager or chat sends is verified, read, and turned into commands.

    verify(source, request, secrets, now)   raises `SignatureRefused`
    read(source, request, words)            the delivery and its events; raises `Unreadable`
    plan(event, source, known)              what to ask of the ticket's escalation, or why nothing

A `Source` is one connected product: a mapping file (`escalation/intake/vendors/`, or the user's own) and who we are there.
Nothing here reads a clock, a file or the network; `escalation.intake.files` alone reads mapping files.
"""
