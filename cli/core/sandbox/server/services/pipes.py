"""EventBridge Pipes: the network interfaces of pipes that read from MSK."""

from __future__ import annotations

from cli.core.sandbox.server import lingering
from cli.core.sandbox.server.lingering import Lingering
from cli.core.sandbox.server.service import Call, Parameters, Result, Service


class Pipes(Service):
    """Pipes are moto's. A pipe removes its interfaces with the permissions of its role, after it is gone itself."""

    name = "pipes"

    def after_create_pipe(self, call: Call, given: Parameters) -> Result:
        """Put network interfaces beside the brokers, where the source is a cluster."""
        cluster = lingering.clusters(call).get(given["Source"])
        if cluster:
            role = given["RoleArn"].rpartition("/")[2]
            lingering.add(call, Lingering(given["Name"], cluster.network, role=role))
        return None

    def after_delete_pipe(self, call: Call, given: Parameters) -> Result:
        """Remove the network interfaces in a while."""
        lingering.release(call, given["Name"])
        return None
