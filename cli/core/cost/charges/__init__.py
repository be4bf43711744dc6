"""What each type of resource uses, that AWS has a price for."""

from __future__ import annotations

from collections.abc import Mapping

from cli.core.cost.charges.compute import COMPUTE
from cli.core.cost.charges.containers import CONTAINERS
from cli.core.cost.charges.databases import DATABASES
from cli.core.cost.charges.messaging import MESSAGING
from cli.core.cost.charges.network import NETWORK
from cli.core.cost.charges.observability import OBSERVABILITY
from cli.core.cost.charges.scaling import SCALING
from cli.core.cost.charges.security import SECURITY
from cli.core.cost.charges.serverless import SERVERLESS
from cli.core.cost.charges.storage import STORAGE
from cli.core.cost.charges.streaming import STREAMING
from cli.core.cost.reading import Reader

__all__ = ["READERS"]

READERS: Mapping[str, Reader] = {
    **COMPUTE,
    **CONTAINERS,
    **DATABASES,
    **MESSAGING,
    **NETWORK,
    **OBSERVABILITY,
    **SCALING,
    **SECURITY,
    **SERVERLESS,
    **STORAGE,
    **STREAMING,
}
"""By type."""
