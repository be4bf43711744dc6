"""What all parts of the system share: names, policies, keys, the provider."""
