"""Nothing is stored in the clear: claim C7."""
