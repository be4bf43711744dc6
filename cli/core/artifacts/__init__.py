"""The archives of the application that servers start: put into the bucket of an environment, listed, verified."""
