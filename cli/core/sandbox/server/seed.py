"""What an environment's bootstrap stack makes, as far as its other stack needs it, made in an instant.

The bootstrap stack is applied once in an environment's life. A rehearsal of the rest need not wait for it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence

from moto.kms.models import kms_backends
from moto.route53.models import route53_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends

from cli.core.sandbox.server.service import Call
from cli.core.sandbox.server.services.secretsmanager import made_up


def seed(call: Call, names: Mapping[str, Sequence[str]]) -> None:
    """Make the `buckets`, the `aliases` of keys, each with its key, the `secrets` and the public `zones` of these
    names. `zone_tags` has the tag `Name` of each zone.

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
    zones = route53_backends[call.account_id]["aws"]
    for name, tag in zip(names["zones"], names["zone_tags"], strict=True):
        if not any(zone.name == f"{name}." and not zone.private_zone for zone in zones.zones.values()):
            zone = zones.create_hosted_zone(f"{name}.", private_zone=False, caller_reference=name)
            zones.change_tags_for_resource("hostedzone", zone.resource_id, [{"Key": "Name", "Value": tag}], [])


def put_archives(account_id: str, bucket: str, digests: Mapping[str, str]) -> None:
    """Put an archive that is none, and its checksum, under each key, as the build of a release would.

    ``digests`` are the SHA-256 that releases name for them, which S3 then answers with; empty for no matter which. What
    is there already stays as it is.
    """
    backend = s3_backends[account_id]["aws"]
    for key, wanted in digests.items():
        content = f"The sandbox made this in place of {key}\n".encode()
        digest = wanted or hashlib.sha256(content).hexdigest()
        checksum = f"{digest}  {key.rpartition('/')[2]}\n".encode()
        for name, value in ((key, content), (f"{key}.sha256", checksum)):
            if backend.head_object(bucket, name) is None:
                made = backend.put_object(bucket, name, value)
                if name == key:
                    made.checksum_algorithm = "SHA256"
                    made.checksum_value = base64.b64encode(bytes.fromhex(digest)).decode()
