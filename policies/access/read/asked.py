"""Who is asked about though no policy names them: an account, somebody in it, a service, users of a provider.

Source: IAM user guide, "AWS JSON policy elements: Principal", for how each is written; "IAM identifiers",
"Understanding unique ID prefixes", for ids of roles and users.
"""

from __future__ import annotations

import re

from policies.access.read.federation import PROVIDERS
from policies.library.documents import Principal

_ACCOUNT = re.compile(r"\d{12}")
_OF_ACCOUNT = re.compile(r"arn:[\w-]+:iam::\d{12}:(?:root|(?:user|role)/.+)")
_PROVIDER = re.compile(r"arn:[\w-]+:iam::\d{12}:(?:oidc|saml)-provider/.+")
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?")
_SESSION = re.compile(r"(arn:[\w-]+):sts::(\d{12}):assumed-role/([^/]+)/.+")
_UNIQUE_ID = re.compile(r"A(?:RO|ID)A[A-Z0-9]{4,}")


def asked(text: str) -> Principal | None:
    """A text as a policy would name whom it means; None for what is no name of AWS's."""
    if text in PROVIDERS or _PROVIDER.fullmatch(text):
        return Principal("Federated", text)
    if _SERVICE.fullmatch(text):
        return Principal("Service", text)
    if any(each.fullmatch(text) for each in (_ACCOUNT, _OF_ACCOUNT, _UNIQUE_ID)):
        return Principal("AWS", text)
    return None


def role_of(text: str) -> str:
    """The role of a session's ARN, without its path, which a session's has not; any other text as it is."""
    session = _SESSION.fullmatch(text)
    return f"{session[1]}:iam::{session[2]}:role/{session[3]}" if session else text


def without_path(arn: str) -> str:
    """The ARN of a role or user without its path: the name alone is unique in an account."""
    return re.sub(r":(role|user)/.*/", r":\1/", arn)


def is_unique_id(text: str) -> bool:
    """Whether a text is the id that AWS gives a role or user."""
    return _UNIQUE_ID.fullmatch(text) is not None
