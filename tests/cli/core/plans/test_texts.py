"""Texts in attributes: decoded, compared line by line or value by value, without what looks like a secret."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from cli.core.plans.texts import changed_lines, decoded
from cli.core.plans.values import differences

MULTIPART = """Content-Type: multipart/mixed; boundary="X"
MIME-Version: 1.0

--X
Content-Type: text/x-shellscript; charset="us-ascii"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="a.sh"

{script}
--X
Content-Type: text/cloud-config

{config}
--X--
"""


def encoded(text: str, *, zipped: bool = False) -> str:
    data = text.encode()
    return base64.b64encode(gzip.compress(data) if zipped else data).decode()


def multipart(script: str, config: str) -> str:
    return encoded(MULTIPART.format(script=encoded(script), config=config))


def lines(name: str, before: Any, after: Any) -> tuple[str, ...]:
    one, other = decoded(name, before), decoded(name, after)
    assert one is not None
    assert other is not None
    return changed_lines(one, other)


def test_user_data_is_compared_line_by_line_however_it_is_packed() -> None:
    old, new = "#!/bin/sh\n  VERSION=1\nlast\n", "#!/bin/sh\n  VERSION=2\nlast\n"
    for name in ("user_data", "user_data_base64"):
        assert lines(name, encoded(old), encoded(new, zipped=True)) == ("- VERSION=1", "+ VERSION=2")
    assert lines("user_data", old, new) == ("- VERSION=1", "+ VERSION=2")
    assert lines("user_data", multipart(old, "runcmd: []"), multipart(new, "runcmd: [ls]")) == (
        "-   VERSION=1",
        "+   VERSION=2",
        "- runcmd: []",
        "+ runcmd: [ls]",
    )


def test_the_parts_of_multipart_are_named() -> None:
    text = decoded("user_data", multipart("echo\n", "x: 1"))
    assert text is not None
    assert text.content == ["[text/x-shellscript, a.sh]", "echo", "[text/cloud-config]", "x: 1"]


@pytest.mark.parametrize("value", ["", "abcd1234", "da39a3ee5e6b4b0d3255bfef95601890afd80709", None, 5, "AAAA"])
def test_what_is_no_text_is_left_alone(value: Any) -> None:
    assert decoded("name", value) is None
    assert decoded("user_data", value) is None


def test_json_is_compared_by_what_it_says() -> None:
    web = {"name": "web", "image": "web:1", "environment": [{"name": "LEVEL", "value": "info"}]}
    log = {"name": "log", "image": "log:1"}
    newer = {**web, "image": "web:2", "environment": [{"name": "LEVEL", "value": "debug"}]}
    before, after = json.dumps([web, log]), json.dumps([log, {"name": "side"}, newer], indent=2)
    assert lines("container_definitions", before, after) == (
        '+ [side]: {"name": "side"}',
        '~ [web].environment[LEVEL].value: "info" -> "debug"',
        '~ [web].image: "web:1" -> "web:2"',
    )
    machine = {"States": {"A": {"Next": "B"}, "B": {"End": True}}}
    other = {"States": {"A": {"End": True}}}
    assert lines("definition", json.dumps(machine), json.dumps(other)) == (
        "+ States.A.End: true",
        '- States.A.Next: "B"',
        '- States.B: {"End": true}',
    )


def test_properties_of_a_cluster_are_lines() -> None:
    assert lines("server_properties", "a=1\nb=2\n", "a=1\nb=3\n") == ("- b=2", "+ b=3")


SECRETS = [
    ("DB_PASSWORD=hunter2-one", "DB_PASSWORD=hunter2-two", "DB_PASSWORD=(looks like a secret), changed"),
    ("curl --token hunter2-one x", "curl --token hunter2-two x", "curl --token (looks like a secret) x, changed"),
    ("https://u:hunter2-one@h/", "https://u:hunter2-two@h/", "https://u:(looks like a secret)@h/, changed"),
    ("key AKIAHUNTER2HUNTER2AA", "key AKIAHUNTER2HUNTER2BB", "key (looks like a secret), changed"),
    (
        "-----BEGIN RSA PRIVATE KEY-----\nhunter2one\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nhunter2two\n-----END RSA PRIVATE KEY-----",
        "(looks like a secret), changed",
    ),
]


@pytest.mark.parametrize(("before", "after", "text"), SECRETS, ids=lambda text: text[:12])
def test_what_looks_like_a_secret_is_not_shown(before: str, after: str, text: str) -> None:
    change = {
        "before": {"user_data": encoded(f"{before}\nV=1\n")},
        "after": {"user_data": encoded(f"{after}\nV=2\n", zipped=True)},
    }
    (attribute,) = differences(change)
    assert set(attribute.lines) == {f"~ {text}", "- V=1", "+ V=2"}
    assert "hunter2" not in str(attribute).lower()


def test_variables_that_look_like_secrets_are_not_shown() -> None:
    def environment(value: str) -> dict[str, Any]:
        variables = {"API_TOKEN": value, "MODE": "a"}
        container = {"name": "web", "environment": [{"name": "DB_PASSWORD", "value": value}]}
        return {"environment": [{"variables": variables}], "container_definitions": json.dumps([container])}

    found = differences({"before": environment("hunter2-one"), "after": environment("hunter2-two")})
    assert [each.path for each in found] == ["container_definitions", "environment[0].variables.API_TOKEN"]
    assert found[0].lines == ('~ [web].environment[DB_PASSWORD].value: "(looks like a secret)", changed',)
    created = differences({"after": environment("hunter2-one")})
    assert "hunter2" not in str([*found, *created])


@pytest.mark.parametrize(
    "text",
    [
        "SECRET_ARN=arn:aws:secretsmanager:us-east-1:1:secret:x",
        "password: arn:aws:secretsmanager:us-east-1:1:secret:x",
        "token=$(aws ecr get-login-password)",
        "password_policy=strict",
        "tokens: 60",
        "http_tokens: required",
        'access_token = "hours"',
    ],
)
def test_what_names_a_secret_or_holds_none_is_shown(text: str) -> None:
    found = decoded("user_data", f"{text}\nmore\n")
    assert found is not None
    assert found.content[0] == text


def test_user_data_that_is_sensitive_is_only_said_to_change() -> None:
    change = {
        "before": {"user_data": encoded("one\n")},
        "after": {"user_data": encoded("two\n")},
        "before_sensitive": {},
        "after_sensitive": {"user_data": True},
    }
    (attribute,) = differences(change)
    assert (attribute.before.text, attribute.after.text, attribute.lines) == ("(sensitive)", "(sensitive)", ())
