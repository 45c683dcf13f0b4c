"""Webhooks of help desks and chats: received, stored, applied."""
