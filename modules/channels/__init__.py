"""External systems that servers may talk to."""
