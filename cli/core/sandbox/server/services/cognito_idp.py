"""Cognito user pools: risk configurations."""

from __future__ import annotations

from typing import Any

from cli.core.sandbox.server.service import Call, Parameters, Result, Service


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
