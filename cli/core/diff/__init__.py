"""What differs between two environments, or between an environment and what it was, once what must differ is equal."""
