"""One AWS profile per environment, where that is asked for."""

from __future__ import annotations

from cli.core.base.profiles import VARIABLE, profile_of, with_profile

KEYS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_SESSION_TOKEN": "c", "AWS_REGION": "us-east-1"}


def test_credentials_stay_as_they_are_where_nothing_is_asked_for() -> None:
    for variables in (KEYS, {**KEYS, VARIABLE: "0"}):
        assert profile_of("dev", variables) is None
        assert with_profile("dev", variables) == variables


def test_the_profile_stands_above_keys_of_the_job() -> None:
    variables = {**KEYS, VARIABLE: "1", "AWS_PROFILE": "other"}
    assert profile_of("dev", variables) == "dev"
    assert with_profile("dev", variables) == {VARIABLE: "1", "AWS_PROFILE": "dev", "AWS_REGION": "us-east-1"}
