"""The policy gate: rules for checkov (`checks`), the code they share (`library`)."""
