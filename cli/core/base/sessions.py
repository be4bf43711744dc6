"""Sessions of boto3: on AWS with the credentials that AWS's tools would take, in the sandbox with none of them."""

from __future__ import annotations

import os

import boto3
import botocore.session

_OPENS_NOTHING = "sandbox"


def aws_session(region: str, profile: str | None) -> boto3.session.Session:
    """A session with a profile; with None, AWS's own variables and files decide.

    Raises botocore's `ProfileNotFound`.
    """
    return boto3.session.Session(region_name=region, profile_name=profile)


def sandbox_session(region: str) -> boto3.session.Session:
    """A session that reads nothing of AWS's variables and files, so that a profile in a shell is neither used nor
    seen."""
    variables = {
        "profile": (None, None, None, None),
        "config_file": (None, None, os.devnull, None),
        "credentials_file": (None, None, os.devnull, None),
    }
    return boto3.session.Session(
        aws_access_key_id=_OPENS_NOTHING,
        aws_secret_access_key=_OPENS_NOTHING,
        region_name=region,
        botocore_session=botocore.session.Session(session_vars=variables),
    )
