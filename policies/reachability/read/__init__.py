"""From Terraform to the network it describes."""

from policies.reachability.read.reader import read

__all__ = ["read"]
