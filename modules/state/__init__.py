"""Terraform state: the backend of an environment and the bootstrap stack that makes it."""
