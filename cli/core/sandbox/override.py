"""What a synthesized stack needs beside it so that the real AWS provider talks to the sandbox and to nothing else.

It goes into a file of its own, `zz_sandbox_override.tf.json`: terraform merges files whose names end so over the rest,
argument by argument (Terraform documentation, "Override Files"). The stack itself is not changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

FILE = "zz_sandbox_override.tf.json"
"""Name of the override file."""

OLDEST_PROVIDER = ">= 5.100.0"
"""What is synthesized is valid from this version on; which one rehearses is whatever terraform finds."""

_KEY = "sandbox"
"""Access key, secret key and everything else that has to be there and opens nothing."""

_LIKE_AWS = {
    "access_key": _KEY,
    "secret_key": _KEY,
    "skip_credentials_validation": True,
    "skip_metadata_api_check": True,
}


_ATTEMPTS = 3
"""At a request: loopback answers or is gone."""

_PAUSE_SECONDS = 4
"""Length of every pause of an apply or a destroy: longer than what lingers in the sandbox (server/lingering.py)."""

_S3 = {"use_path_style": True, "max_retries": _ATTEMPTS}


def override(document: Mapping[str, Any]) -> dict[str, Any]:
    """The override of a synthesized stack, given the content of its `cdk.tf.json`.

    ``allowed_account_ids`` stays in force: the sandbox answers with the environment's account. A stack whose state is
    in S3 keeps it in the sandbox's S3, bucket, key and lock file as they are; a local state stays where terraform runs.
    """
    backends = document["terraform"]["backend"]
    return {
        "terraform": {
            "backend": {**backends, **({"s3": {**backends["s3"], **_LIKE_AWS, **_S3}} if "s3" in backends else {})},
            "required_providers": {
                "aws": {**document["terraform"]["required_providers"]["aws"], "version": OLDEST_PROVIDER}
            },
        },
        "provider": {
            "aws": [
                {name: provider[name] for name in ("alias",) if name in provider}
                | {**_LIKE_AWS, "s3_use_path_style": True, "max_retries": _ATTEMPTS}
                for provider in document["provider"]["aws"]
            ]
        },
    }


def variables(endpoint: str, inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment to run terraform with: ``inherited`` without anything of AWS, and the sandbox as all of AWS.

    ``TF_CLI_CONFIG_FILE``, ``TF_PLUGIN_CACHE_DIR`` and the like stay, so that the provider is found as ever.
    """
    variables = {name: value for name, value in inherited.items() if not name.startswith(("AWS_", "TF_AWS_"))}
    return variables | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": _KEY,
        "AWS_SECRET_ACCESS_KEY": _KEY,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "INFRA_PAUSE_SECONDS": str(_PAUSE_SECONDS),
    }


def content(document: Mapping[str, Any]) -> bytes:
    """The bytes of the override file."""
    return json.dumps(override(document), indent=2).encode() + b"\n"
