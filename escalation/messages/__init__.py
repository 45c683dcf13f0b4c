"""What an escalation asks the world to do, and the messages it wants delivered: effects, letters, and who wrote them."""
