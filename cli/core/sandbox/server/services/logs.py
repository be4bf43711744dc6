"""CloudWatch Logs: another key for a log group that exists."""

from __future__ import annotations

from moto.logs.models import LogGroup, logs_backends

from cli.core.sandbox.server.service import Call, Parameters, Result, Service, not_found


class Logs(Service):
    """Log groups and what is in them are moto's."""

    name = "logs"

    def associate_kms_key(self, call: Call, given: Parameters) -> Result:
        """Encrypt what is written from now on with a key."""
        _group(call, given).kms_key_id = given["kmsKeyId"]
        return {}

    def disassociate_kms_key(self, call: Call, given: Parameters) -> Result:
        """Encrypt what is written from now on with a key of AWS."""
        _group(call, given).kms_key_id = None
        return {}


def _group(call: Call, given: Parameters) -> LogGroup:
    group = logs_backends[call.account_id][call.region].groups.get(given["logGroupName"])
    if group is None:
        raise not_found("The specified log group")
    return group
