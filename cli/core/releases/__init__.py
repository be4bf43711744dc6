"""What promotion carries: the values of an environment's `release:`, with what makes Terraform of them."""
