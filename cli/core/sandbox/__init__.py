"""The sandbox: terraform's own init, plan and apply with the real AWS provider, against moto's server on loopback.

One server per environment, in a process of its own that outlives the command and stops by itself when idle. What it
proves and what it does not is in docs/sandbox.md.
"""

from cli.core.sandbox.rehearsal import Sandbox, rehearsal

__all__ = ["Sandbox", "rehearsal"]
