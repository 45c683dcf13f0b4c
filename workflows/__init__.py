"""The Temporal shell around the domain: durable and deterministic, it decides nothing itself."""
