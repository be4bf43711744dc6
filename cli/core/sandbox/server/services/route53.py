"""Route 53: DNSSEC of public zones."""

from __future__ import annotations

import hashlib
from typing import Any

from cli.core.sandbox.server.service import Call, Parameters, Result, Service, not_found, now


class Route53(Service):
    """Key-signing keys and whether a zone signs; zones and records are moto's. Keys and digests are made up."""

    name = "route53"

    def __init__(self) -> None:
        self.keys: dict[tuple[str, str], dict[str, Any]] = {}
        self.signing: set[str] = set()

    def create_key_signing_key(self, call: Call, given: Parameters) -> Result:
        """Keep a key of a zone."""
        zone = _zone(given)
        digest = hashlib.sha256(f"{zone} {given['Name']}".encode()).hexdigest().upper()
        key_tag = int(digest[:4], 16)
        self.keys[zone, given["Name"]] = {
            "CreatedDate": now(),
            "DNSKEYRecord": "257 3 13 c2FuZGJveA==",
            "DSRecord": f"{key_tag} 13 2 {digest}",
            "DigestAlgorithmMnemonic": "SHA-256",
            "DigestAlgorithmType": 2,
            "DigestValue": digest,
            "Flag": 257,
            "KeyTag": key_tag,
            "KmsArn": given["KeyManagementServiceArn"],
            "LastModifiedDate": now(),
            "Name": given["Name"],
            "PublicKey": "c2FuZGJveA==",
            "SigningAlgorithmMnemonic": "ECDSAP256SHA256",
            "SigningAlgorithmType": 13,
            "Status": given["Status"],
        }
        key = self.keys[zone, given["Name"]]
        location = f"https://route53.amazonaws.com/2013-04-01/keysigningkey/{zone}/{given['Name']}"
        return {"ChangeInfo": _change(), "KeySigningKey": key, "Location": location}

    def activate_key_signing_key(self, call: Call, given: Parameters) -> Result:
        """Sign with a key."""
        self._key(given)["Status"] = "ACTIVE"
        return {"ChangeInfo": _change()}

    def deactivate_key_signing_key(self, call: Call, given: Parameters) -> Result:
        """Sign with a key no longer."""
        self._key(given)["Status"] = "INACTIVE"
        return {"ChangeInfo": _change()}

    def delete_key_signing_key(self, call: Call, given: Parameters) -> Result:
        """Forget a key."""
        self._key(given)
        del self.keys[_zone(given), given["Name"]]
        return {"ChangeInfo": _change()}

    def enable_hosted_zone_dnssec(self, call: Call, given: Parameters) -> Result:
        """Sign a zone."""
        self.signing.add(_zone(given))
        return {"ChangeInfo": _change()}

    def disable_hosted_zone_dnssec(self, call: Call, given: Parameters) -> Result:
        """Sign a zone no longer."""
        self.signing.discard(_zone(given))
        return {"ChangeInfo": _change()}

    def get_dnssec(self, call: Call, given: Parameters) -> Result:
        """Whether a zone signs, and its keys."""
        zone = _zone(given)
        return {
            "KeySigningKeys": [key for (owner, _), key in self.keys.items() if owner == zone],
            "Status": {"ServeSignature": "SIGNING" if zone in self.signing else "NOT_SIGNING"},
        }

    def _key(self, given: Parameters) -> dict[str, Any]:
        key = self.keys.get((_zone(given), given["Name"]))
        if key is None:
            raise not_found("The key", "NoSuchKeySigningKey")
        return key


def _zone(given: Parameters) -> str:
    """A zone's id without what may stand before it."""
    zone: str = given["HostedZoneId"]
    return zone.rpartition("/")[2]


def _change() -> dict[str, Any]:
    """A change that has reached every name server."""
    return {"Id": "/change/CSANDBOX", "Status": "INSYNC", "SubmittedAt": now()}
