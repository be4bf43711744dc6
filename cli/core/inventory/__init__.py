"""What an environment, or other Terraform, consists of."""
