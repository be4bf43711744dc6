"""What all parts of the system share: context, names, keys, IAM policies, service roles, suppressions, the provider."""
