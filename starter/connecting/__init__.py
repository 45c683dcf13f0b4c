"""Connecting a product: a help desk, a chat, a pager or a webhook of your own."""
