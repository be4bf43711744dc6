"""What an environment's bootstrap stack makes, as far as its other stack needs it, made in an instant.

The bootstrap stack is applied once in an environment's life. A rehearsal of the rest need not wait for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends

from cli.core.sandbox.server.service import Call
from cli.core.sandbox.server.services.secretsmanager import made_up


def seed(call: Call, names: Mapping[str, Sequence[str]]) -> None:
    """Make the `buckets`, the `aliases` of keys, each with its key, and the `secrets` of these names.

    What is there already stays as it is.
    """
    buckets = s3_backends[call.account_id]["aws"]
    for name in names["buckets"]:
        if name not in buckets.buckets:
            buckets.create_bucket(name, call.region).versioning_status = "Enabled"
    keys = kms_backends[call.account_id][call.region]
    for name in names["aliases"]:
        if not any(name in key.aliases for key in keys.keys.values()):
            key = keys.create_key(
                None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", description="Made by the sandbox", tags=None
            )
            keys.create_alias(key.id, name)
    kept = secretsmanager_backends[call.account_id][call.region]
    for name in names["secrets"]:
        if name not in kept.secrets:
            kept.create_secret(
                name,
                made_up(),
                secret_binary=None,
                description="Made by the sandbox",
                tags=[],
                kms_key_id=None,
                client_request_token=None,
                replica_regions=[],
                force_overwrite=False,
            )


def put_archives(account_id: str, bucket: str, keys: Sequence[str]) -> None:
    """Put an archive that is none, and its checksum, under each of the keys, as the build of a release would.

    What is there already stays as it is.
    """
    backend = s3_backends[account_id]["aws"]
    for key in keys:
        content = f"The sandbox made this in place of {key}\n".encode()
        checksum = f"{hashlib.sha256(content).hexdigest()}  {key.rpartition('/')[2]}\n".encode()
        for name, value in ((key, content), (f"{key}.sha256", checksum)):
            if backend.head_object(bucket, name) is None:
                backend.put_object(bucket, name, value)
