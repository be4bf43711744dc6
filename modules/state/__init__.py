"""Terraform state: the backend of an environment, the bootstrap stack that makes it, and `moved` blocks."""
