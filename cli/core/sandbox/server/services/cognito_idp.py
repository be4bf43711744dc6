"""Cognito user pools: risk configurations, and what an update leaves as it is."""

from __future__ import annotations

from typing import Any

from moto.cognitoidp.models import cognitoidp_backends

from cli.core.sandbox.server.service import Call, Parameters, Result, Service

_OF_CREATION = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration")
"""What a pool has from its creation on: `UpdateUserPool` takes none of it (Amazon Cognito API reference)."""


class CognitoIdp(Service):
    """One risk configuration for each pool, empty until it is set."""

    name = "cognito-idp"

    def __init__(self) -> None:
        self.risks: dict[str, dict[str, Any]] = {}

    def set_risk_configuration(self, call: Call, given: Parameters) -> Result:
        """Keep the configuration of a pool."""
        self.risks[given["UserPoolId"]] = dict(given)
        return {"RiskConfiguration": given}

    def describe_risk_configuration(self, call: Call, given: Parameters) -> Result:
        """The configuration of a pool."""
        return {"RiskConfiguration": self.risks.get(given["UserPoolId"], {"UserPoolId": given["UserPoolId"]})}

    def update_user_pool(self, call: Call, given: Parameters) -> Result:
        """Change a pool, and leave what it has from its creation, which moto forgets."""
        pool = cognitoidp_backends[call.account_id][call.region].user_pools.get(given["UserPoolId"])
        if pool is None:
            return None  # moto's answer
        updated = {name: value for name, value in given.items() if name != "UserPoolId"}
        created = {name: pool.extended_config[name] for name in _OF_CREATION if name in pool.extended_config}
        pool.update_extended_config(updated | created)
        return {}
