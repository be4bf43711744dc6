"""What was done, one file per record, each naming the digest of the one before it: what is changed afterwards shows."""

from cli.core.records.chain import BrokenChain
from cli.core.records.store import Record, Records

__all__ = ["BrokenChain", "Record", "Records"]
