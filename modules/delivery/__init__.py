"""The roles with which CI plans and applies."""
