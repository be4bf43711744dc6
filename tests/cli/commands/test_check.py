"""`infra check` and `infra policies` as users run them."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli.core.gate import catalog as rules
from tests.support.helpers import infra, infra_command, infra_environment

TOPIC = {"resource": {"aws_sns_topic": {"t": {"name": "t", "//": {"metadata": {"path": "dev/t"}}}}}}


@pytest.fixture
def terraform(tmp_path: Path) -> Path:
    """A directory with a topic that no rule likes."""
    (tmp_path / "terraform").mkdir()
    (tmp_path / "terraform" / "main.tf.json").write_text(json.dumps(TOPIC, indent=2))
    return tmp_path / "terraform"


def test_check_synthesizes_an_environment_and_writes_nothing(checkout: Path) -> None:
    done = infra("check", "dev", "--json", root=checkout, cwd=checkout)
    assert done.returncode in (0, 3), done.stderr
    data = json.loads(done.stdout)
    assert (data["exit_code"], data["problems"]) == (done.returncode, [])
    (dev,) = data["targets"]
    assert dev["files"] == ["cdktf.out/stacks/dev/cdk.tf.json", "cdktf.out/stacks/dev-bootstrap/cdk.tf.json"]
    assert dev["problems"] == []
    assert not (checkout / "cdktf.out").exists()

    kept = "enable_key_rotation=True"
    path = checkout / "modules" / "common" / "keys.py"
    assert kept in path.read_text()
    path.write_text(path.read_text().replace(kept, "enable_key_rotation=False"))
    done = infra("check", "dev", "--json", "--only", "CKV2_MEALS_140", root=checkout, cwd=checkout)
    assert done.returncode == 3, done.stderr
    findings = json.loads(done.stdout)["targets"][0]["findings"]
    assert {(each["rule"], each["severity"], each["claim"]) for each in findings} == {
        ("CKV2_MEALS_140", "medium", "C7")
    }
    ours = [each for each in findings if each["construct_path"].startswith("dev/keys/")]
    assert {each["file"] for each in ours} == {"cdktf.out/stacks/dev/cdk.tf.json"}
    assert {line["file"] for each in ours for line in each["source_lines"]} == {"modules/common/keys.py"}

    manifest = {"stateful": {"dev": {"aws_dynamodb_table.gone": "dev/gone"}}, "moved": []}
    (checkout / "addresses.json").write_text(json.dumps(manifest, indent=2))
    settings = checkout / "envs" / "dev.yaml"
    settings.write_text(settings.read_text().replace("  replicas: 2", "  replicas: 1"))
    done = infra("check", "dev", "--json", "--only", "CKV2_MEALS_101", root=checkout, cwd=checkout)
    refused, vanished = json.loads(done.stdout)["problems"]
    assert (done.returncode, refused["kind"], vanished["kind"]) == (4, "refused-by-aws", "address-vanished")
    assert "set network.replicas and the number of network.zones to 2 or more" in refused["text"]
    assert vanished["text"].startswith("infra synth refuses dev: addresses.json:")


def test_a_path_and_exit_codes(terraform: Path) -> None:
    done = infra("check", "terraform", "--only", "CKV_AWS_26", cwd=terraform.parent)
    assert done.returncode == 3, done.stderr
    assert re.search(r"^medium  CKV_AWS_26 .*\n", done.stdout, re.M)
    assert "\n    dev/t  terraform/main.tf.json:4\n" in done.stdout
    assert done.stdout.endswith("not passed: 1 finding\n")
    done = infra("check", "terraform", "--only", "CKV_AWS_27", cwd=terraform.parent)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "passed")
    shutil.copytree(terraform, terraform.parent / "other")
    (terraform / "bad.tf.json").write_text("{")
    done = infra("check", "terraform", "other", "--only", "CKV_AWS_26", cwd=terraform.parent)
    assert done.returncode == 4
    assert "problem  file-not-json\n  terraform/bad.tf.json: Expecting property name" in done.stdout
    assert "could not do its job (1 problem), and 2 findings" in done.stdout
    done = infra("check", "terraform", "--only", "CKV_AWS_26", cwd=terraform.parent)
    assert done.returncode == 4
    assert "problem  file-not-json\n  terraform/bad.tf.json: Expecting property name" in done.stdout
    assert "could not do its job (1 problem)\n" in done.stdout
    assert "Mend the file: its root module is not checked before" in " ".join(done.stdout.split())


def test_where_there_is_nothing_to_check(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = infra("check", "empty", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert "infra: empty: there is nothing to scan; allowed: a directory with *.tf, *.tofu or *.tf.json" in done.stderr
    done = infra("check", "./nowhere", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (4, "infra: nowhere: there is no such file or directory\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["pord"], "there is no environment 'pord'. Environments: dev, staging, prod. Did you mean 'prod'?"),
        (["dev", "./terraform"], "either environments or paths, received dev ./terraform"),
        (["dev", "--var", "a=b"], "--var-file, --var and --workspace are for PATH"),
        (["./terraform", "--var", "a"], "received 'a'; allowed: NAME=VALUE"),
        (["./terraform", "--pack", "chanels"], "'chanels' is not one of 'channels', 'isolation'"),
        (["./terraform", "--write-baseline", "b.json"], "--write-baseline needs --owner NAME"),
        (["--format", "xml"], "'xml' is not one of 'table', 'json', 'sarif', 'junit', 'github', 'markdown'"),
        (["./terraform", "--only", "CKV_AWS_2600"], "there is no rule CKV_AWS_2600"),
        (["./terraform", "--skip", "CKV2_MEALS_001"], "cannot be skipped"),
        (
            ["./terraform", "--json", "--shard", "3/2"],
            "received '3/2'; allowed: K/N with K from 1 to N and N to 1000",
        ),
        (
            ["./terraform", "--shard", "1/2"],
            "--shard needs --format json or sarif, which --merge reads; received table",
        ),
        (["dev", "--json", "--shard", "1/2"], "--shard is for PATH"),
        (["./terraform", "--json", "--shard", "1/2", "--baseline", "b.json"], "a baseline is of the whole"),
        (["./terraform", "--json", "--shard", "1/2", "--merge"], "either --shard or --merge"),
        (["--merge"], "--merge needs the reports of all parts"),
        (["--merge", "a.json", "--skip", "X", "--var", "a=b"], "--skip, --var: not with --merge"),
    ],
)
def test_a_command_line_that_is_not_understood(terraform: Path, arguments: list[str], says: str) -> None:
    done = infra("check", *arguments, cwd=terraform.parent)
    assert done.returncode == 64
    assert says in done.stderr


def test_parts_are_checked_apart_and_joined(terraform: Path) -> None:
    """One of them has nothing to do; the baseline is of the whole."""
    there = terraform.parent
    for index in (1, 2):
        done = infra("check", "terraform", "--json", "--shard", f"{index}/2", "--out", f"{index}.json", cwd=there)
        assert done.returncode == (3 if index == 1 else 0)
    whole = infra("check", "terraform", "--json", cwd=there)
    joined = infra("check", "--merge", "1.json", "2.json", "--json", cwd=there)
    assert (joined.returncode, joined.stdout) == (3, whole.stdout)
    accepted = ("--write-baseline", "baseline.json", "--owner", "platform")
    assert infra("check", "--merge", "1.json", "2.json", *accepted, cwd=there).returncode == 0
    missing = infra("check", "--merge", "2.json", cwd=there)
    assert missing.returncode == 4
    assert "of 2 parts is not there: 1; so not everything was checked" in missing.stdout


def test_a_profile_at_the_path(terraform: Path) -> None:
    profile = terraform / ".infra-check.yaml"
    profile.write_text("packs: [builtin]\noff:\n  CKV_AWS_26: The topic holds nothing\n")
    done = infra("check", "terraform", cwd=terraform.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert "note  rule-off\n  CKV_AWS_26: The topic holds nothing (terraform/.infra-check.yaml:3)" in done.stdout
    assert infra("check", "terraform", "--pack", "keys", "--quiet", cwd=terraform.parent).stdout.splitlines() == [
        "medium    CKV2_MEALS_146  1  SNS topics are encrypted with a customer-managed k…",
        "",
        "not passed: 1 finding",
    ]
    profile.write_text("off:\n  CKV_AWS_2600: x\n")
    done = infra("check", "terraform", cwd=terraform.parent)
    assert done.returncode == 64
    assert "terraform/.infra-check.yaml:2: there is no rule CKV_AWS_2600" in done.stderr
    profile.write_text("pack: [builtin]\n")
    done = infra("check", "terraform", cwd=terraform.parent)
    assert (done.returncode, done.stdout) == (5, "")
    assert "terraform/.infra-check.yaml:1:1: pack: received an unknown key" in done.stderr


def test_a_baseline_accepts_what_is_there(terraform: Path) -> None:
    check = ("check", "terraform", "--only", "CKV_AWS_26")
    done = infra(*check, "--write-baseline", "accepted.json", "--owner", "platform", cwd=terraform.parent)
    assert done.returncode == 0, done.stderr
    (terraform / "more.tf.json").write_text(json.dumps({"resource": {"aws_sns_topic": {"new": {}}}}))
    done = infra(*check, "--baseline", "accepted.json", cwd=terraform.parent)
    assert done.returncode == 3
    assert "\n1 finding accepted by the baseline\n" in done.stdout
    assert done.stdout.endswith("not passed: 1 finding\n")
    (terraform / "more.tf.json").unlink()
    (terraform / "main.tf.json").write_text(json.dumps({"resource": {"aws_sqs_queue": {"q": {}}}}))
    done = infra(*check, "--baseline", "accepted.json", cwd=terraform.parent)
    assert done.returncode == 0
    assert "CKV_AWS_26  aws_sns_topic.t  terraform\n" in done.stdout


def test_several_paths(terraform: Path) -> None:
    (terraform.parent / "other").mkdir()
    (terraform.parent / "other" / "main.tf").write_text('resource "aws_sns_topic" "o" {\n}\n')
    done = infra("check", "terraform", "other", "--only", "CKV_AWS_26", "--json", cwd=terraform.parent)
    assert done.returncode == 3
    assert [each["name"] for each in json.loads(done.stdout)["targets"]] == ["terraform", "other"]


def test_a_report_in_a_file_and_the_table_on_the_terminal(terraform: Path, tmp_path: Path) -> None:
    out = tmp_path / "gate.xml"
    out.write_text("old")
    done = infra("check", str(terraform), "--format", "junit", "--out", str(out), cwd=tmp_path)
    assert done.returncode == 3
    assert ElementTree.fromstring(out.read_text()).tag == "testsuites"
    assert done.stdout.splitlines()[-1].startswith("not passed: ")
    assert f"wrote {out}" in done.stderr
    done = infra("check", str(terraform), "--json", "--out", str(tmp_path / "no" / "gate.json"), cwd=tmp_path)
    assert done.returncode == 1
    assert "No such file or directory" in done.stderr


def test_what_is_wrong_with_settings_and_constructs_is_said_as_everywhere(checkout: Path) -> None:
    settings = checkout / "envs" / "dev.yaml"
    settings.write_text(settings.read_text() + "no_such_key: 1\n")
    done = infra("check", root=checkout, cwd=checkout)
    assert done.returncode == 5
    assert "no_such_key" in done.stderr


def test_no_child_is_left_behind(terraform: Path) -> None:
    run = subprocess.Popen(
        infra_command("check", str(terraform)), env=infra_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    children: list[str] = []
    while not children and time.monotonic() < deadline:
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
        time.sleep(0.02)
    assert children
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=60)
    deadline = time.monotonic() + 60
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def test_policies_are_listed_and_explained() -> None:
    done = infra("policies", "--json")
    assert done.returncode == 0, done.stderr
    ids = [each["id"] for each in json.loads(done.stdout)]
    assert len(ids) == len(set(ids)) == len(list(rules.CHECKS.rglob("meals_*.py")))
    shown = infra("policies").stdout
    assert all(re.search(rf"^{rule} +(critical|high|medium|low) ", shown, re.M) for rule in ids)
    done = infra("policies", "explain", "CKV2_MEALS_101")
    assert re.search(r"^CKV2_MEALS_101  .+\n\nseverity .+\nserves .+\napplies to .+\nfix ", done.stdout)
    assert re.search(r"^passes:\n\n    resource .*^fails:\n\n    resource ", done.stdout, re.M | re.S)
    done = infra("policies", "explain", "CKV_AWS_7")
    assert done.stdout == (
        "CKV_AWS_7  Ensure rotation for customer created CMKs is enabled\n"
        "Built into checkov. Severity medium; pack builtin.\n"
        "The project judges the same more exactly: CKV2_MEALS_140.\n"
    )
    done = infra("policies", "explain", "CKV2_MEALS_1O1")
    assert done.returncode == 64
    assert "there is no rule CKV2_MEALS_1O1; infra policies lists ours. Did you mean CKV2_MEALS_" in done.stderr
