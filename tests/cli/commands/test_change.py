"""`infra change`: what a change opens, closes and loosens."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli.commands.change import command
from cli.core.base.errors import ExitCode
from cli.core.change.report import WIDTH
from cli.core.diff import sides, snapshots
from cli.core.reach.network import NoTerraform
from cli.ui.app import Application
from envs.settings import Settings
from policies.library.terraform.load import load_directory
from tests.support.changes import NETWORK, web
from tests.support.convert import as_plan
from tests.support.hcl import resource
from tests.support.helpers import infra
from tests.support.programs import git


def write(directory: Path, text: str) -> str:
    """A directory with some Terraform."""
    directory.mkdir()
    (directory / "main.tf").write_text(text)
    return str(directory)


def run(tmp_path: Path, before: str, after: str, *arguments: str) -> Result:
    """The command about two directories."""
    places = [write(tmp_path / "before", before), write(tmp_path / "after", after)]
    return CliRunner().invoke(command, [*places, *arguments], obj=Application(), standalone_mode=False)


def lines(result: Result) -> list[str]:
    """The first lines, without the names of what is compared."""
    assert result.exception is None, result.exception
    return re.split(r"after(?:\.json)?\n", result.output, maxsplit=1)[1].splitlines()


def proof(result: Result) -> dict[str, Any]:
    """The proof in the JSON."""
    found = json.loads(result.output)["proof"]
    assert isinstance(found, dict)
    return found


def test_one_port_more_is_one_line_and_a_witness(tmp_path: Path) -> None:
    result = run(tmp_path, NETWORK + web(), NETWORK + web("web", 443, 22))
    assert lines(result)[:2] == ["Opens 1: internet -> web tcp 22", "Closes nothing."]
    assert "  internet 203.0.113.10 -> web 10.0.1.4, tcp 22" in result.output
    assert all(len(line) <= WIDTH or " " not in line.strip() for line in result.output.splitlines())


def test_the_other_way_round_it_closes(tmp_path: Path) -> None:
    result = run(tmp_path, NETWORK + web("web", 443, 22), NETWORK + web())
    assert lines(result)[:2] == ["Opens nothing.", "Closes 1: internet -> web tcp 22"]


@pytest.mark.parametrize(
    ("after", "changed"),
    [
        (web(group="front"), "Changes 3 resources"),
        (web("front") + "moved {\n from = aws_instance.web\n to = aws_instance.front\n}\n", ""),
        (web(), "Nothing differs."),
    ],
)
def test_other_names_open_nothing(after: str, changed: str, tmp_path: Path) -> None:
    result = run(tmp_path, NETWORK + web(), NETWORK + after, "--expect", "nothing-opens")
    assert lines(result)[:2] == ["Opens nothing.", "Closes nothing."]
    assert changed in result.output
    assert result.return_value == ExitCode.OK


def test_a_third_replica_opens_what_is_named_and_nothing_else(tmp_path: Path) -> None:
    result = run(tmp_path, NETWORK + web(count=2), NETWORK + web(count=3))
    assert lines(result)[:2] == ["Opens 1: internet -> web[2] tcp 443", "Closes nothing."]


def test_what_is_new_comes_after_what_was_there(tmp_path: Path) -> None:
    before = NETWORK + web() + web("back", group="back")
    after = NETWORK + web("web", 443, 22) + web("batch", group="batch") + web("back", 443, 8443, group="back")
    assert lines(run(tmp_path, before, after))[:5] == [
        "Opens 3, 1 about what is new:",
        "  internet -> back tcp 8443",
        "  internet -> web tcp 22",
        "  internet -> batch tcp 443",
        "Closes nothing.",
    ]


def test_what_is_expected_and_acknowledged(tmp_path: Path) -> None:
    before, after = NETWORK + web(), NETWORK + web("web", 443, 22)
    first = run(tmp_path, before, after, "--expect", "nothing-opens", "--json")
    assert first.return_value == ExitCode.FINDINGS
    found = proof(first)
    assert (found["opens_nothing"], [each["text"] for each in found["opens"]]) == (False, ["internet -> web tcp 22"])
    places = [str(tmp_path / "before"), str(tmp_path / "after"), "--expect", "nothing-opens", "--acknowledge"]
    for given, expected in ((found["id"], ExitCode.OK), ("0" * 12, ExitCode.FINDINGS)):
        again = CliRunner().invoke(command, [*places, given], obj=Application(), standalone_mode=False)
        assert again.return_value == expected


def test_an_id_stands_for_what_opens_and_nothing_else(tmp_path: Path) -> None:
    ids = []
    for at, (before, after) in enumerate([((443,), (443, 22)), ((80,), (80, 22)), ((443,), (443, 23)), ((22,), (22,))]):
        place = tmp_path / str(at)
        place.mkdir()
        ids.append(proof(run(place, NETWORK + web("web", *before), NETWORK + web("web", *after), "--json"))["id"])
    assert ids[0] == ids[1]
    assert ids[2] not in (ids[0], "")
    assert ids[3] == ""


MODULE = 'module "m" {\n  source = "elsewhere/m/aws"\n}\n'
DASHBOARD = 'resource "aws_cloudwatch_dashboard" "d" {}\n'


@pytest.mark.parametrize(("before", "after"), [(MODULE, MODULE + DASHBOARD), (MODULE, DASHBOARD)])
def test_a_module_that_is_not_here_proves_nothing(before: str, after: str, tmp_path: Path) -> None:
    result = run(tmp_path, NETWORK + web() + before, NETWORK + web() + after, "--expect", "nothing-opens")
    assert lines(result)[0].startswith("Opens nothing, as far as what is not judged opens nothing: module.m")
    assert result.return_value == ExitCode.FINDINGS


def test_where_nothing_differs_nothing_opens_whatever_is_not_here(tmp_path: Path) -> None:
    result = run(tmp_path, NETWORK + web() + MODULE, NETWORK + web() + MODULE, "--expect", "nothing-opens")
    assert lines(result)[0] == "Opens nothing."
    assert result.return_value == ExitCode.OK


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ('resource "aws_ami_launch_permission" "p" {\n  image_id = "ami-1"\n  group = "all"\n}\n', "permission.p"),
        ('resource "aws_apigatewayv2_route" "r" {\n  authorization_type = "NONE"\n}\n', "aws_apigatewayv2_route.r"),
        ('resource "aws_opensearch_domain" "d" {\n  access_policies = "{}"\n}\n', "aws_opensearch_domain.d"),
    ],
)
def test_what_lets_somebody_in_and_is_not_read_is_named(more: str, named: str, tmp_path: Path) -> None:
    result = run(tmp_path, NETWORK, NETWORK + more, "--expect", "nothing-opens")
    assert lines(result)[0].startswith("Opens nothing, as far as what is not judged opens nothing:")
    assert f"{named}: whom it lets in is not read" in " ".join(result.output.split())
    assert result.return_value == ExitCode.FINDINGS


def test_a_policy_about_what_is_elsewhere_is_named(tmp_path: Path) -> None:
    policy = 'resource "aws_iam_policy" "p" {\n  policy = %s\n}\n'
    sides = (
        json.dumps(POLICY % ('"*"', "")),
        json.dumps(POLICY.replace("s3:GetObject", "ses:SendEmail") % ('"*"', "")),
    )
    result = run(tmp_path, *(NETWORK + policy % each for each in sides))
    told = " ".join(result.output.split())
    assert "aws_iam_policy.p: what it allows with what is not declared here is not compared" in told


def test_a_server_that_gets_a_role_is_told(tmp_path: Path) -> None:
    role = f'resource "aws_iam_role" "r" {{\n  name = "r"\n  assume_role_policy = {json.dumps(TRUST)}\n}}\n'
    profile = 'resource "aws_iam_instance_profile" "p" {\n  role = aws_iam_role.r.name\n}\n'
    before = NETWORK + web() + role + profile
    after = before.replace(
        'resource "aws_instance" "web" {',
        'resource "aws_instance" "web" {\n  iam_instance_profile = aws_iam_instance_profile.p.name',
    )
    assert before != after
    result = run(tmp_path, before, after)
    assert lines(result)[:2] == ["Opens 1: aws_instance.web now runs as aws_iam_role.r", "Closes nothing."]


POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":%s%s}]}'
TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":"ec2.amazonaws.com"}}]}'
)


def reader(where: str, condition: str = "") -> str:
    """A role that may read some of a bucket."""
    return (
        resource("aws_s3_bucket.b", bucket="reports-of-us")
        + f'resource "aws_iam_role" "r" {{\n  name = "r"\n  assume_role_policy = {json.dumps(TRUST)}\n}}\n'
        + 'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.r.id\n'
        + f"  policy = {json.dumps(POLICY % (json.dumps(where), condition))}\n}}\n"
    )


def test_a_wider_resource_and_a_dropped_condition_give_more(tmp_path: Path) -> None:
    all_of_it = reader("arn:aws:s3:::reports-of-us/*")
    some = reader("arn:aws:s3:::reports-of-us/exports/*")
    result = run(tmp_path, some, all_of_it)
    assert lines(result)[0] == "Opens 1: aws_iam_role.r may now read aws_s3_bucket.b more widely"
    assert "allowed by statement 1 of policy" in result.output
    tagged = reader("arn:aws:s3:::reports-of-us/*", ',"Condition":{"Bool":{"aws:SecureTransport":"true"}}')
    (tmp_path / "more").mkdir()
    assert lines(run(tmp_path / "more", tagged, all_of_it))[0].endswith("more widely")


def test_data_that_goes_is_named(tmp_path: Path) -> None:
    result = run(tmp_path, reader("*"), NETWORK)
    assert "Destroys data: aws_s3_bucket.b" in result.output


def test_plans_are_compared_too(tmp_path: Path) -> None:
    for name, ports in (("before", (443,)), ("after", (443, 22))):
        write(tmp_path / f"{name}.d", NETWORK + web("web", *ports))
        plan = as_plan(load_directory(tmp_path / f"{name}.d")[0], applied=True)
        (tmp_path / f"{name}.json").write_text(json.dumps(plan))
    places = [str(tmp_path / "before.json"), str(tmp_path / "after.json")]
    result = CliRunner().invoke(command, places, obj=Application(), standalone_mode=False)
    assert lines(result)[0] == "Opens 1: internet -> web tcp 22"


def test_markdown_begins_with_what_opens(tmp_path: Path) -> None:
    result = run(tmp_path, NETWORK + web(), NETWORK + web("web", 443, 22), "--format", "markdown")
    text = result.output.splitlines()
    assert text[0].startswith("<!-- infra-change: ")
    assert text[3:5] == ["**Opens 1: internet -\\> web tcp 22**  ", "Closes nothing.  "]
    assert result.output.count("<details>") == result.output.count("</details>") == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("prd",), "there is no environment 'prd'"),
        (("dev", "--since", "nowhere"), "git knows no revision 'nowhere'"),
        (("dev", "--acknowledge", "1"), "--acknowledge is for --expect nothing-opens"),
        (("a", "b", "--since", "main"), "--since is for an environment"),
        (("a", "b", "c"), "received 3 places"),
        (("./here",), "received one path, ./here; give two, BEFORE and AFTER"),
        (("nothing-here", "nor-here"), "there is no such file or directory"),
    ],
)
def test_what_does_not_fit_is_said(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(command, list(arguments), obj=Application(), standalone_mode=False)
    assert message in str(result.exception) + result.output


def test_before_a_first_change_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "readme.md").touch()
    places = [str(tmp_path / "empty"), write(tmp_path / "after", NETWORK + web())]
    result = CliRunner().invoke(command, places, obj=Application(), standalone_mode=False)
    assert lines(result)[:2] == ["Opens 1: internet -> web tcp 443", "Closes nothing."]
    nothing_there = CliRunner().invoke(command, places[::-1], obj=Application(), standalone_mode=False)
    assert isinstance(nothing_there.exception, NoTerraform)
    assert nothing_there.exception.exit_code == ExitCode.USAGE
    (tmp_path / "empty" / "terragrunt.hcl").touch()
    of_a_tool = CliRunner().invoke(command, places, obj=Application(), standalone_mode=False)
    assert isinstance(of_a_tool.exception, NoTerraform)


def test_an_environment_that_a_revision_does_not_have_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-q")
    who = ("-c", "user.name=t", "-c", "user.email=t@t")
    git(tmp_path, *who, "commit", "-q", "--allow-empty", "-m", "first")
    monkeypatch.setattr(sides, "ROOT", tmp_path)

    def synthesize(_settings: Settings, out: Path) -> None:
        for stack, text in (("dev", NETWORK + web()), ("dev-bootstrap", "")):
            (out / "stacks" / stack).mkdir(parents=True)
            (out / "stacks" / stack / "main.tf").write_text(text)

    monkeypatch.setattr(snapshots, "synthesize", synthesize)
    result = CliRunner().invoke(command, ["dev", "--since", "HEAD"], obj=Application(), standalone_mode=False)
    assert result.output.splitlines()[:3] == [
        "dev@HEAD -> dev",
        "Opens 1: internet -> web tcp 443",
        "Closes nothing.",
    ]


def test_an_environment_is_compared_with_a_revision(checkout: Path) -> None:
    """Whether that has the code of this checkout, or other code that makes the same and needs a process of its own."""
    git(checkout, "init", "-q")
    git(checkout, "add", ".")
    git(checkout, "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "-m", "first")
    file = checkout / "envs" / "dev.yaml"
    file.write_text(re.sub(r'application_version: "[^"]+"', 'application_version: "9.0.0"', file.read_text()))
    done = infra("change", "dev", "--since", "HEAD", "--expect", "nothing-opens", root=checkout)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == ["dev@HEAD -> dev", "Opens nothing."]
    assert "Changes " in done.stdout
    with (checkout / "modules" / "stacks.py").open("a") as code:
        code.write("# another end\n")
    again = infra("change", "dev", "--since", "HEAD", "--expect", "nothing-opens", root=checkout)
    assert (again.returncode, again.stdout) == (0, done.stdout), again.stderr
