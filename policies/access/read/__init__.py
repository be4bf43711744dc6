"""From Terraform to all that decides requests to AWS."""

from policies.access.read.reader import read

__all__ = ["read"]
