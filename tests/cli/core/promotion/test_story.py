"""A release climbs from dev to prod and another one goes back: real terraform, real provider, in the sandbox.

The system is the tiny one of `tests/cli/core/operations`; here the release decides over a tag of its roles, and an
environment whose DNS firewall blocks has a role more, which nobody may assume. The tests are one story: each goes on
where the one before it ended. A promotion takes about ten seconds, so each shows as much as it can; what needs no
terraform is in the other files.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.core.releases.log import Log
from tests.support.programs import git, required
from tests.support.records import PROMOTION, log_data
from tests.support.stories import Tiny, begun, make

IS_STORY = True

GROUP = "aws_cloudwatch_log_group.logs_group_F4848128"
BLOCKER = """
        if environment.network.dns_firewall.action == "block":
            nobody = Statement(
                sid="Nobody", effect="Deny", principals="*", actions=["sts:AssumeRole"], resources=[]
            )
            IamRole(
                Construct(stack, "blocker"),
                "role",
                name=names.name("blocker"),
                assume_role_policy=document([nobody]),
            )
"""
IMAGE = "ami-0123456789abcdef0"
SERVERS = ("core-server", "ordering-server", "event-store", "purchase-gateway")
CONTENT = [f"  ami: {IMAGE}", *(f"    {name}: {number:064x}" for number, name in enumerate(SERVERS, start=0xA))]
"""The content of the release: image and archives."""
RESOLVED = "\n".join([CONTENT[0], "  artifacts:", *CONTENT[1:], ""])
PEOPLE = {"alice": "Alice", "bob": "Bob", "carol": "Carol"}

pytestmark = pytest.mark.story


@pytest.fixture(scope="module")
def tiny(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    """A checkout whose dev is applied with release 1.1.0, by Alice. Alice, Bob and Carol sign with SSH."""
    directory = tmp_path_factory.mktemp("promotion")
    made = make(directory)
    code = "modules/stacks.py"
    tags = '                tags={"Version": environment.release.application_version},\n'
    policy = "                assume_role_policy=document([servers]),\n"
    made.change(policy, f"{policy}{tags}", file=code)
    output = '        TerraformOutput(stack, "group"'
    made.change(output, f"{BLOCKER}\n{output}", file=code)
    signed = "approvals: 1\n"
    made.change(signed, f"{signed}  signed_approvals: true\n", file="envs/prod.yaml")
    keys(made, directory)
    made.change('application_version: "1.0.0"', 'application_version: "1.1.0"')
    made.change("  ami: /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64\n", RESOLVED)
    made.commit()
    with begun(made, "plan", "dev", "--sandbox", code=2):
        made.infra("apply", "dev", "--sandbox")
        yield made


@pytest.fixture(scope="module")
def noted() -> dict[str, str]:
    """What a test tells the ones after it."""
    return {}


def keys(tiny: Tiny, directory: Path) -> None:
    """Make everybody a key, and have git know them; Alice is at work."""
    for name in PEOPLE:
        subprocess.run(
            [required("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(directory / name)], check=True
        )
    known = [f"{name}@meals.example {(directory / f'{name}.pub').read_text()}" for name in PEOPLE]
    (directory / "signers").write_text("".join(known))
    git(tiny.root, "config", "gpg.format", "ssh")
    git(tiny.root, "config", "gpg.ssh.allowedSignersFile", str(directory / "signers"))
    work_as(tiny, "alice")


def work_as(tiny: Tiny, name: str) -> None:
    """Whom git takes the next one for."""
    git(tiny.root, "config", "user.name", PEOPLE[name])
    git(tiny.root, "config", "user.email", f"{name}@meals.example")
    git(tiny.root, "config", "user.signingkey", str(tiny.root.parent / name))


def applied(tiny: Tiny, environment: str) -> None:
    """Plan and apply."""
    tiny.infra("plan", environment, "--sandbox", code=2)
    tiny.infra("apply", environment, "--sandbox", "--yes")


def retention(tiny: Tiny, days: int) -> None:
    """Change the log group of staging behind terraform's back."""
    client = tiny.client("logs", "staging")
    name = next(each["logGroupName"] for each in client.describe_log_groups()["logGroups"])
    client.put_retention_policy(logGroupName=name, retentionInDays=days)


def test_a_rehearsal_is_in_the_sandbox_and_nowhere_else(tiny: Tiny) -> None:
    tiny.change("  dns_firewall:", "  flow_log_retention_days: 30\n  dns_firewall:", file="envs/staging.yaml")
    tiny.commit()
    refused = tiny.infra("promote", "dev", "staging", "--sandbox", "--branch", "release-1.1.0", code=10)
    assert "--branch: a rehearsal writes nothing that git keeps" in refused.stderr
    skip = ("--override", "soak", "--override", "policies", "--reason", "a test cannot wait")
    done = tiny.infra("promote", "dev", "staging", "--sandbox", *skip)
    assert "\nplan of staging: 3 to create, 2 outputs to change\n\n---" in done.stdout
    assert "has the release (record 1); envs/staging.yaml stays as it is. Next: infra plan staging --s" in done.stdout
    assert git(tiny.root, "status", "--porcelain") == ""
    assert tiny.data("promotions") == []
    assert tiny.data("release", "diff", "dev", "staging", "--sandbox") == []
    added = [line[1:] for line in done.stdout.splitlines() if line.startswith("+ ")]
    values = ['  application_version: "1.1.0"', "    meal_swaps: true"]
    assert added == [CONTENT[0], *values, "  artifacts:", *CONTENT[1:]], "the release is there with its content"
    (record,) = tiny.data("promotions", "staging", "--sandbox")
    assert record["evidence"]["digest"] == tiny.data("history", "dev", "--sandbox")[-1]["digest"]
    assert [each["check"] for each in record["overrides"]] == ["policies", "soak"]
    why = {name: each["text"] for name, each in record["checks"].items() if not each["is_open"]}
    assert why.keys() == {"policies", "soak"}
    assert why["policies"] == "staging: 1 finding (CKV_AWS_338); its plan: 1 finding (CKV_AWS_338)"
    assert why["soak"].startswith("needs 1 h, applied ")
    assert record["unexplained"] == {"id": "", "changes": 0, "explained": 0, "acknowledged": False, "proof": ""}
    assert "overridden: policies, soak" in tiny.infra("promotions", "--sandbox").stdout
    assert "staging has this release already" in tiny.infra("promote", "dev", "staging", "--sandbox").stdout
    assert tiny.data("promote", "dev", "staging", "--sandbox") == {
        "version": 2,
        "result": "already there",
        "to": "staging",
    }


def test_every_failed_check_is_shown_at_once_and_no_file_stays(tiny: Tiny, noted: dict[str, str]) -> None:
    tiny.change("  flow_log_retention_days: 30\n", "", file="envs/staging.yaml")
    tiny.commit()
    applied(tiny, "staging")
    tiny.infra("approve", "prod", "--sandbox")
    work_as(tiny, "carol")
    tiny.infra("approve", "prod", "--sandbox", "--no-sign")
    tiny.infra("freeze", "prod", "--until", "2199-01-01", "--reason", "holidays")
    retention(tiny, 7)
    refused = tiny.infra("promote", "staging", "prod", "--sandbox", "--format", "markdown", code=10)
    retention(tiny, 365)
    why = dict(line.strip().split(": ", 1) for line in refused.stderr.splitlines() if line.startswith("  "))
    assert why.keys() == {"drift", "soak", "approvals", "freeze"}
    assert why["drift"] == "closed; 1 resource of staging drifted: logs/group"
    assert why["soak"].startswith("closed; needs 24 h, applied ")
    assert why["approvals"] == (
        "closed; 0 of 1; not counted, as author: alice@meals.example; not counted, without a valid signature: "
        "carol@meals.example"
    )
    assert why["freeze"] == "closed; prod is frozen until 2199-01-01 00:00 UTC by Carol <carol@meals.example>: holidays"
    assert "Refused: nothing was written." in refused.stdout
    assert "| freeze | **closed** |" in refused.stdout
    assert "blocker/role: create (staging: nothing)" in refused.stdout
    (noted["difference"],) = re.findall(r"changes that staging has not seen \(([0-9a-f]{12})\)", refused.stdout)
    assert "\n1 resource differs only by the size and identity of staging and prod\n" in refused.stdout
    assert git(tiny.root, "status", "--porcelain", "--", "envs") == ""
    assert not list(tiny.root.glob("cdktf.out")) + list(tiny.root.glob(".infra"))
    assert not list(tiny.sandbox.glob("prod/.infra")), "a plan lies about"
    assert not list(tiny.sandbox.glob("prod/stacks/*"))
    assert [each.name for each in (tiny.sandbox / "staging" / ".infra").iterdir()] == ["staging"]


def test_prod_takes_what_bob_signed_when_it_is_acknowledged(tiny: Tiny, noted: dict[str, str]) -> None:
    work_as(tiny, "bob")
    tiny.infra("approve", "prod", "--sandbox")
    release = tiny.data("history", "staging", "--sandbox")[-1]["release"]["id"]
    tiny.infra("freeze", "prod", "--until", "2199-01-01", "--reason", "holidays", "--allow", release)
    soak = ("--override", "soak", "--reason", "a test cannot wait")
    done = tiny.data("promote", "staging", "prod", "--sandbox", *soak, "--acknowledge", noted["difference"])
    assert [each["name"] for each in done["checks"] if not each["is_open"]] == ["soak"]
    assert [each["construct_path"] for each in done["unexplained"]["changes"]] == ["blocker/role"]
    assert done["unexplained"]["explained"] == 1
    assert "prod is thawed" in tiny.infra("thaw", "prod").stdout
    assert [each["kind"] for each in tiny.data("promotions", "prod")] == ["freeze", "freeze", "thaw"]
    (promotion,) = tiny.data("promotions", "prod", "--sandbox")
    assert promotion["unexplained"]["acknowledged"]
    assert [(each["who"], each["signed"]) for each in promotion["approvals"]] == [
        ("alice@meals.example", True),
        ("bob@meals.example", True),
        ("carol@meals.example", False),
    ]
    tiny.commit()
    applied(tiny, "prod")


def test_a_way_back_that_loses_data_is_refused_whatever_is_overridden(tiny: Tiny) -> None:
    tiny.change('application_version: "1.1.0"', 'application_version: "1.2.0"')
    tiny.commit()
    applied(tiny, "dev")
    tiny.change('name=f"/tiny/{environment.domain_name}"', 'name="/other"', file="modules/stacks.py")
    skip = ("--override", "policies", "--override", "unexplained", "--reason", "1.2.0 is bad")
    refused = tiny.data("rollback", "dev", "--sandbox", *skip, code=10)
    assert (refused["refused"], refused["exit_code"]) == ("stateful-loss", 10)
    assert f"\n  {GROUP}\n" in refused["message"]
    git(tiny.root, "checkout", "--", "modules")


def test_an_environment_goes_back_with_a_change_that_is_proved_harmless(tiny: Tiny) -> None:
    tiny.change("action: alert", "action: block")
    file = tiny.root / "envs" / "dev.yaml"
    file.write_text(f"{file.read_text()}\npromotion:\n  proved_changes_pass: true\n")
    done = tiny.infra("rollback", "dev", "--sandbox")
    assert "dev back to release" in done.stdout
    assert "plan of dev: 2 to update in place, 1 to create\n" in done.stdout, "it takes back what 1.2.0 had brought"
    (proof,) = re.findall(r"put data nowhere else \(proof ([0-9a-f]{12})\)", done.stdout)
    git(tiny.root, "checkout", "--", "envs")
    (record,) = tiny.data("promotions", "dev", "--sandbox")
    passed = record["unexplained"]
    assert (passed["changes"], passed["acknowledged"], passed["proof"][:12]) == (1, False, proof)
    assert (record["kind"], record["release"]["values"]["application_version"]) == ("rollback", "1.1.0")
    assert git(tiny.root, "status", "--porcelain") == ""
    releases = tiny.infra("release", "list", "--sandbox").stdout.splitlines()
    assert [" 1.2.0 " in each for each in releases] == [False, True]


def test_the_status_is_one_screen(tiny: Tiny) -> None:
    override = {"check": "drift", "reason": "it has expired", "expires": "2026-01-01T00:00:00Z"}
    Log(tiny.sandbox / "dev").append(log_data(PROMOTION, environment="dev", overrides=[override]))
    rows = {each["environment"]: each for each in tiny.data("status", "--sandbox")}
    assert {name: each["application_version"] for name, each in rows.items()} == dict.fromkeys(rows, "1.1.0")
    assert {each["policies"] for each in rows.values()} == {"pass"}
    assert rows["staging"]["next"]["carries"] == {}
    overridden = {name: [each["check"] for each in row["overrides"]] for name, row in rows.items()}
    assert overridden == {"dev": [], "staging": ["policies", "soak"], "prod": ["soak"]}


def test_the_page_has_the_board_of_the_rehearsal(tiny: Tiny) -> None:
    retention(tiny, 7)
    tiny.infra("freeze", "prod", "--until", "2199-01-01", "--reason", "holidays")
    tiny.change('application_version: "1.2.0"', 'application_version: "1.2.1"')
    file = tiny.root.parent / "page.html"
    tiny.infra("report", "dev", "staging", "--sandbox", "--drift", "-o", str(file))
    retention(tiny, 365)
    git(tiny.root, "checkout", "--", "envs")
    text = " ".join(re.sub(r"<[^>]+>", " ", file.read_text()).split())
    since = r"Release [0-9a-f]{12} Since \d{4}-\d\d-\d\d \d\d:\d\d UTC"
    for card in (
        rf"dev Application 1\.2\.1 {since} Policies pass Drift none Next to staging: application_version, [\d.]+ h of",
        rf"staging Application 1\.1\.0 {since} Policies pass Drift 1 Next nothing new for prod; 1 approval",
        "policies overridden until .{10}: a test cannot wait",
        rf"prod frozen Application 1\.1\.0 {since} Policies not in this report Drift none Next - frozen until 2199",
        "dev Opens nothing. Closes nothing. 2 resources of the Terraform changed role-1/role , role-2/role",
        "staging Opens nothing. Closes nothing. Nothing differs",  # though its file has another release
        "UTC rollback to dev: release [0-9a-f]{12} ",
        "UTC promotion to prod: release [0-9a-f]{12} ",
        r"1-[0-9a-f]{12} .{16} UTC apply of prod, release [0-9a-f]{12} succeeded Bob",
    ):
        assert re.search(card, text), card


def test_a_record_that_was_changed_is_named(tiny: Tiny) -> None:
    path = next((tiny.root / "records" / "promotions").glob("000002-*.json"))
    path.write_text(path.read_text().replace("holidays", "no reason"))
    done = tiny.infra("promotions", code=1)
    assert f"{path.name}: was changed after it was written" in done.stderr
    refused = tiny.infra("freeze", "dev", "--until", "2199-01-01", "--reason", "r", code=1)
    assert f"{path.name}: was changed after it was written" in refused.stderr
