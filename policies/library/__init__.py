"""What the rules share: one Terraform configuration as they see it, policy documents, networks, ports."""
