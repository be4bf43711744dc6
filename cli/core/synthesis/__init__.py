"""From settings to Terraform files: constructs or cache, the check of stateful addresses, publication."""
