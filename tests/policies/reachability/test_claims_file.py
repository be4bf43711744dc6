"""The file of claims: what is wrong with it is said with line, and what is allowed."""

from __future__ import annotations

import pytest

from policies.reachability.claims.load import FILE, ClaimsError, claims, parse

TEXT = FILE.read_text()


def said(text: str) -> str:
    """What is said about claims that cannot be used."""
    with pytest.raises(ClaimsError) as caught:
        parse(text.encode(), file="claims.yaml")
    return str(caught.value)


def line_of(text: str) -> int:
    """The first line that holds a text, counted from 1."""
    return next(number for number, line in enumerate(TEXT.splitlines(), start=1) if text in line)


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("over: {from: internet, to: private}", "over: {frm: internet, to: private}", "from, to. Did you mean from?"),
        ("through: public_load", "trough: public_load", "trough: received an unknown key; allowed: one of from, on"),
        ("on: broker}", "on: brokr}", "received the unknown port brokr; allowed: one of broker, event_store"),
        ("to: broker, on", "to: queue, on", "received the unknown part queue; allowed: one of anything, broker"),
        (
            "[cluster, pipes, consumer_pipes, connector]",
            "[cluster, pipe, consumer_pipes, connector]",
            "the unknown part pipe; allowed",
        ),
        ("servers: [public_servers", "servers: [servers", "groups.servers: received a group within itself"),
        ("https: 443", "https: abc", "ports.https: received abc; allowed: a valid integer"),
        ("path: messaging/broker, s", "pth: messaging/broker, s", "parts.broker.pth: received an unknown key"),
        ("path: messaging/broker, s", "pth: messaging/broker, s", "parts.broker.path: received no such key"),
        ("attribute: engine_type", "attribut: engine_type", "ports.broker.attribut: received an unknown key"),
        ("{traffic-port: server}", "{traffic-port: servr}", "received the unknown port servr"),
        ("  public_servers: [", "  broker: [", "groups.broker: received the name broker again"),
        ("outside:\n", "outside:\n  internet: {type: a, path: b}\n", "received the name internet again"),
        ("claims:\n", "claim:\n", "claim: received an unknown key; allowed: one of claims"),
        ("optional: true", "optional: yes", "allowed: a valid boolean"),
        ("parts:\n", "parts: [\n", "text that is not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_place(right: str, wrong: str, message: str) -> None:
    assert right in TEXT
    text = said(TEXT.replace(right, wrong, 1))
    assert message in text
    assert all(line.startswith("claims.yaml:") for line in text.splitlines())


def test_the_line_is_that_of_the_mistake() -> None:
    text = said(TEXT.replace("on: broker}", "on: brokr}"))
    assert text.startswith(f"claims.yaml:{line_of('on: broker}')}:")


def test_groups_are_their_members() -> None:
    assert claims().members("servers", "broker") == {
        *("core", "ordering", "further_public"),
        *("event_store", "purchase_gateway", "further_private"),
        "broker",
    }
