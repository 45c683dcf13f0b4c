"""What help desks and chats send us: received, stored, applied."""
