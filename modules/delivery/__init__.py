"""The roles with which GitHub Actions plans and applies, and the IAM permissions of each."""
