"""The precondition of a delegated zone: in the settings of the parent, and in the DNS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cli.core.preconditions.checks import delegation
from cli.core.preconditions.model import Judgement, PreconditionState, Reads, Subject
from cli.core.preconditions.reader import AccountReader
from cli.core.preconditions.run import judge
from envs.delegation import ZoneAnswers
from envs.errors import Problem, SettingsError
from envs.load import load
from envs.settings import Settings
from tests.support.preconditions import CannedAccount, subject_of
from tests.support.sandbox import Client

MISSING, OK, UNKNOWN = PreconditionState.MISSING, PreconditionState.OK, PreconditionState.UNKNOWN

DOMAIN = "dev.meals.example"
SERVERS = ("ns-1.awsdns-01.com", "ns-2.awsdns-02.net")
DS = f"12345 13 2 {'AB' * 32}"


@pytest.fixture
def dev(synthesized: Mapping[str, Any], synthesized_bootstrap: Mapping[str, Any]) -> Subject:
    """dev, whose domain is below none of another environment."""
    return subject_of("dev", synthesized["dev"], synthesized_bootstrap["dev"])


def parent(*, servers: tuple[str, ...] = SERVERS, ds: str = DS, is_delegating: bool = True) -> Settings:
    """prod, with an entry for dev."""
    data = load("prod").model_dump()
    data["edge"]["delegations"] = [ZoneAnswers(servers, ds).delegation(DOMAIN).model_dump()] if is_delegating else []
    return Settings.model_validate(data)


def route53(*tags: str, name: str = f"{DOMAIN}.", status: str = "ACTIVE") -> dict[tuple[str, str], Any]:
    """Route 53 with a zone for each value of the tag `Name`; the last one has the name servers and the key."""
    servers = {f"Z{index}": SERVERS if index == len(tags) - 1 else ("ns-9.aws",) for index in range(len(tags))}
    return {
        ("route53", "list_hosted_zones"): {
            "HostedZones": [{"Id": f"/hostedzone/{zone}", "Name": name} for zone in servers]
        },
        ("route53", "list_tags_for_resource"): lambda **request: {
            "ResourceTagSet": {"Tags": [{"Key": "Name", "Value": tags[int(request["ResourceId"][1:])]}]}
        },
        ("route53", "get_hosted_zone"): lambda **request: {
            "DelegationSet": {"NameServers": [f"{server.upper()}." for server in servers[request["Id"]]]}
        },
        ("route53", "get_dnssec"): {"KeySigningKeys": [{"Status": status, "DSRecord": DS}]},
    }


OURS = "meals-dev-public-zone"
ZONE = route53(OURS)


def judged(subject: Subject, reads: Reads) -> Judgement:
    """What the precondition says."""
    (precondition,) = delegation.preconditions(subject)
    return judge(precondition, subject, reads)


@pytest.mark.parametrize(
    ("public", "state", "found"),
    [
        ((), MISSING, "the DNS does not know dev.meals.example"),
        (("ns-3.aws",), MISSING, "the DNS gives ns-3.aws"),
        (SERVERS[::-1], OK, f"dev.meals.example by {', '.join(SERVERS)}"),
        (None, UNKNOWN, "no resolver answers"),
    ],
)
def test_the_dns_gives_the_zones_name_servers(
    dev: Subject, public: tuple[str, ...] | None, state: PreconditionState, found: str
) -> None:
    judgement = judged(dev, CannedAccount(ZONE, public))
    assert (judgement.state, judgement.is_fatal, judgement.found) == (state, state is MISSING, found)
    assert bool(judgement.remedy) == (state is MISSING)


@pytest.mark.parametrize(
    ("public", "is_fatal", "more"),
    [
        ((), True, "; the DNS does not know dev.meals.example"),
        (None, False, "; no resolver answers"),
        (SERVERS, False, ""),
    ],
)
def test_the_parents_settings_lack_the_entry(
    dev: Subject, public: tuple[str, ...] | None, is_fatal: bool, more: str
) -> None:
    child = replace(dev, parents=(parent(is_delegating=False),))
    judgement = judged(child, CannedAccount(ZONE, public))
    assert (judgement.state, judgement.is_fatal) == (MISSING, is_fatal)
    assert judgement.found == f"missing in the settings: edge.delegations in envs/prod.yaml lacks {DOMAIN}{more}"
    assert judgement.remedy.splitlines() == [
        "add to envs/prod.yaml, then infra bootstrap prod:",
        "edge:",
        "  delegations:",
        f"    - name: {DOMAIN}",
        "      name_servers:",
        *(f"        - {server}" for server in SERVERS),
        "      ds_records:",
        "        - key_tag: 12345",
        "          algorithm: 13",
        "          digest_type: 2",
        f'          digest: "{"AB" * 32}"',
    ]


@pytest.mark.parametrize(
    "other", [{"servers": (SERVERS[0], "ns-3.awsdns-03.org")}, {"ds": ""}, {"ds": f"1 13 2 {'CD' * 32}"}]
)
def test_the_parents_settings_have_another_entry(dev: Subject, other: dict[str, Any]) -> None:
    judgement = judged(replace(dev, parents=(parent(**other),)), CannedAccount(ZONE, SERVERS))
    assert (judgement.state, judgement.is_fatal) == (MISSING, False)
    assert "edge.delegations in envs/prod.yaml has other name servers or another DS record" in judgement.found
    assert judgement.remedy.startswith("replace its entry in envs/prod.yaml, then infra bootstrap prod:\nedge:\n")


def test_a_key_that_does_not_sign_is_no_ds_record(dev: Subject) -> None:
    judgement = judged(replace(dev, parents=(parent(),)), CannedAccount(route53(OURS, status="INACTIVE"), SERVERS))
    assert "another DS record" in judgement.found
    assert "ds_records" not in judgement.remedy


def test_the_parents_bootstrap_makes_what_its_settings_have(dev: Subject) -> None:
    judgement = judged(replace(dev, parents=(parent(),)), CannedAccount(ZONE))
    assert (judgement.state, judgement.is_fatal) == (MISSING, True)
    assert judgement.remedy == "infra bootstrap prod makes the records that envs/prod.yaml has"
    assert judged(replace(dev, parents=(parent(),)), CannedAccount(ZONE, SERVERS)).state is OK


def test_an_invalid_file_of_the_parent_is_named(dev: Subject) -> None:
    invalid = SettingsError([Problem("envs/prod.yaml", 3, 1, "region", "1", "a region")])
    invalid_parent = replace(dev, parents=invalid)
    judgement = judged(invalid_parent, CannedAccount(ZONE, SERVERS))
    assert (judgement.state, "envs/prod.yaml is invalid" in judgement.found) == (UNKNOWN, True)
    judgement = judged(invalid_parent, CannedAccount(ZONE))
    assert (judgement.state, judgement.is_fatal) == (MISSING, True)


def test_the_zone_is_the_one_with_the_tag_of_the_bootstrap_stack(dev: Subject) -> None:
    """The first zone of the name may be the one that Route 53 made with a registration."""
    assert judged(dev, CannedAccount(route53("registered", OURS), SERVERS)).state is OK
    judgement = judged(dev, CannedAccount(route53("registered"), SERVERS))
    assert (judgement.state, judgement.is_fatal) == (MISSING, True)
    assert judgement.found == f"there is no public zone {DOMAIN} with the tag Name; 1 without it"
    judgement = judged(dev, CannedAccount(route53(OURS, OURS), SERVERS))
    assert judgement.found == f"2 public zones {DOMAIN} have the tags of ours"


def test_the_tag_is_the_one_that_the_environment_looks_for(dev: Subject) -> None:
    (lookup,) = dev.data("aws_route53_zone")
    assert lookup["tags"] == {"Name": OURS}


def test_before_there_is_a_zone(dev: Subject) -> None:
    judgement = judged(dev, CannedAccount(route53()))
    assert (judgement.found, judgement.is_fatal) == (f"there is no public zone {DOMAIN}", True)


def test_the_sandbox_knows_no_dns_but_the_settings(dev: Subject, reads: AccountReader, client: Client) -> None:
    zone = client("route53").create_hosted_zone(Name=DOMAIN, CallerReference="any")["HostedZone"]["Id"]
    client("route53").change_tags_for_resource(
        ResourceType="hostedzone", ResourceId=zone.rpartition("/")[2], AddTags=[{"Key": "Name", "Value": OURS}]
    )
    judgement = judged(replace(dev, parents=(parent(servers=("ns-7.aws.com", "ns-8.aws.com")),)), reads)
    assert (judgement.state, "sandbox" in judgement.found) == (UNKNOWN, True)
    judgement = judged(replace(dev, parents=(parent(is_delegating=False),)), reads)
    assert (judgement.state, judgement.is_fatal) == (MISSING, False)
    assert "edge.delegations in envs/prod.yaml has no NS and no DS of dev.meals.example" in judgement.found
