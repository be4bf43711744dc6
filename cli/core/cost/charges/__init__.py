"""What each type of resource uses, that AWS has a price for."""

from __future__ import annotations

from collections.abc import Mapping

from cli.core.cost.charges.compute import COMPUTE
from cli.core.cost.charges.containers import CONTAINERS
from cli.core.cost.charges.databases import DATABASES
from cli.core.cost.charges.messaging import MESSAGING
from cli.core.cost.charges.network import NETWORK
from cli.core.cost.charges.observability import OBSERVABILITY
from cli.core.cost.charges.security import SECURITY
from cli.core.cost.charges.serverless import SERVERLESS
from cli.core.cost.charges.storage import STORAGE
from cli.core.cost.charges.streaming import STREAMING
from cli.core.cost.reading import Reader

__all__ = ["READERS", "UNPRICED"]

READERS: Mapping[str, Reader] = {
    **COMPUTE,
    **CONTAINERS,
    **DATABASES,
    **MESSAGING,
    **NETWORK,
    **OBSERVABILITY,
    **SECURITY,
    **SERVERLESS,
    **STORAGE,
    **STREAMING,
}
"""By type."""

UNPRICED: Mapping[str, str] = {
    "aws_backup_plan": "no price of what AWS Backup stores was found for this region",
    "aws_kinesis_firehose_delivery_stream": "no price of what Amazon Data Firehose takes in was found for this region",
}
"""Types that cost something of which no price was found."""
