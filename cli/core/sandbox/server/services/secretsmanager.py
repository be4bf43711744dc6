"""Secrets Manager: made-up values for secrets that an operator would fill."""

from __future__ import annotations

import json
import secrets

from moto.secretsmanager.models import secretsmanager_backends

from cli.core.sandbox.server.service import Call, Parameters, Result, Service

_KEYS = ("api_key", "bundle_id", "password", "signing_key", "signing_key_id", "team_id")
"""JSON keys under which the system reads its secrets; each gets a value of its own."""


class SecretsManager(Service):
    """A secret that is made without a value gets one at once, as if its operator had been there.

    The values are random, open nothing and are nowhere but in the memory of the sandbox.
    """

    name = "secretsmanager"

    def after_create_secret(self, call: Call, given: Parameters) -> Result:
        """Fill a secret that has no value."""
        if "SecretString" in given or "SecretBinary" in given:
            return None
        secretsmanager_backends[call.account_id][call.region].put_secret_value(
            given["Name"],
            made_up(),
            secret_binary="",
            client_request_token=secrets.token_hex(16),
            version_stages=["AWSCURRENT"],
        )
        return None


def made_up() -> str:
    """A value for a secret: JSON with every key that is read anywhere."""
    return json.dumps({"username": "sandbox"} | {key: secrets.token_hex(16) for key in _KEYS})
