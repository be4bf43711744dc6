"""What was done, one file per deed, each naming the digest of the one before it: what is changed afterwards shows."""

from cli.core.records.chain import BrokenChain, Chain, Record

__all__ = ["BrokenChain", "Chain", "Record"]
