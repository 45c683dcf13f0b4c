"""Receivers on the loopback interface that behave as the vendors' do, for tests, the demo and chaos."""
