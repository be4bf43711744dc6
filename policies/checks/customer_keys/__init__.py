"""Stores have a customer-managed key: claim C7. A pack of its own, as not every team asks for such keys."""
