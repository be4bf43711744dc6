"""`infra access` as users run it, and the names by which it finds what they mean."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from cli.commands.access import command
from cli.core.access.ends import NoSuchEnd, actions_named, callers_named, things_named
from cli.core.access.table import allowed, few, rows
from cli.core.access.world import World, worlds_at
from cli.ui.app import Application

TERRAFORM = """
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}
resource "aws_s3_bucket" "data" { bucket = "data" }
resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = jsonencode({ Statement = [
    {
      Sid       = "DenyPlaintext"
      Effect    = "Deny"
      Action    = "s3:*"
      Principal = "*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    },
    { Sid = "Partner", Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::data/in/*"
      Principal = { AWS = "arn:aws:iam::444455556666:role/partner" } }
  ] })
}
resource "aws_s3_bucket" "open" { bucket = "open" }
resource "aws_s3_bucket_policy" "open" {
  bucket = aws_s3_bucket.open.id
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::open/*", Principal = "*" }
  ] })
}
resource "aws_iam_role" "reader" {
  name               = "reader"
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" }
  }] })
}
resource "aws_iam_role_policy" "reader" {
  role   = aws_iam_role.reader.name
  policy = jsonencode({ Statement = [
    { Sid = "Read", Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.data.arn}/*" }
  ] })
}
resource "aws_lambda_function" "report" {
  function_name = "report"
  role          = aws_iam_role.reader.arn
}
"""

Run = Callable[..., Result]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory with the Terraform."""
    (tmp_path / "main.tf").write_text(TERRAFORM)
    return tmp_path


@pytest.fixture
def world(place: Path) -> World:
    """What decides requests in it."""
    return worlds_at([place])


@pytest.fixture
def run(place: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command on it, on a terminal on which no line needs two."""
    monkeypatch.setenv("COLUMNS", "1000")
    return lambda *arguments: CliRunner().invoke(
        command, [str(place), *arguments], obj=Application(), standalone_mode=False
    )


def test_a_yes_names_the_statements_that_let_it_through(run: Run) -> None:
    result = run("--from", "aws_iam_role.reader", "--to", "aws_s3_bucket.data", "--can", "s3:GetObject")
    assert result.exit_code == 0
    assert result.stdout.startswith("yes: aws_iam_role.reader can read aws_s3_bucket.data (s3:GetObject)")
    assert "identity policy: Read allows it, aws_iam_role_policy.reader, statement 1" in result.stdout


def test_the_keys_of_a_request_are_spelled_as_the_policies_do(run: Run) -> None:
    question = ("--from", "aws_iam_role.reader", "--to", "aws_s3_bucket.data", "--can", "s3:GetObject")
    assert "  with aws:SecureTransport true\n" in run(*question).stdout
    (yes,) = json.loads(run(*question, "--json").stdout)["yes"]
    assert yes["witness"]["context"]["aws:SecureTransport"] == ["true"]


def test_a_no_names_what_stops_it(run: Run) -> None:
    result = run("--from", "aws_iam_role.reader", "--to", "aws_s3_bucket.data", "--can", "delete")
    assert result.exit_code == 0
    assert result.stdout.startswith("no: aws_iam_role.reader cannot delete aws_s3_bucket.data")
    assert "DeleteObject" in result.stdout


@pytest.mark.parametrize(("thing", "expect", "code"), [("open", "yes", 0), ("open", "no", 3), ("data", "no", 0)])
def test_the_exit_code_says_whether_the_answer_is_the_expected(run: Run, thing: str, expect: str, code: int) -> None:
    result = run("--from", "anyone", "--to", f"aws_s3_bucket.{thing}", "--can", "read", "--expect", expect)
    assert result.return_value == code, result.output


def test_anyone_is_whoever_an_identity_provider_knows_too(tmp_path: Path) -> None:
    statement = (
        'Action = "sts:AssumeRoleWithWebIdentity", Effect = "Allow", '
        'Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }'
    )
    (tmp_path / "main.tf").write_text(
        f"""resource "aws_iam_role" "open" {{
  name               = "open"
  assume_role_policy = jsonencode({{ Statement = [{{ {statement} }}] }})
}}
"""
    )
    names = [each.principal.name for each in callers_named(worlds_at([tmp_path]), "anyone")]
    assert "anyone with an account of token.actions.githubusercontent.com" in names


def test_expect_without_two_ends_is_refused(run: Run) -> None:
    assert isinstance(run("--from", "anyone", "--expect", "no").exception, click.UsageError)


def test_json_has_the_request_and_its_statements(run: Run) -> None:
    result = run("--from", "aws_lambda_function.report", "--to", "aws_s3_bucket.data", "--can", "read", "--json")
    found: dict[str, Any] = json.loads(result.stdout)
    (yes,) = found["yes"]
    assert yes["caller"] == "aws_iam_role.reader"
    assert yes["actions"] == ["s3:GetObject"]
    statement = yes["witness"]["steps"][-1]["statement"]
    assert (statement["in"], statement["number"], statement["sid"]) == ("aws_iam_role_policy.reader", 1, "Read")
    assert Path(statement["at"].rpartition(":")[0]).name == "main.tf"


def test_the_table_has_who_may_do_what(run: Run) -> None:
    lines = run("--to", "aws_s3_bucket.open").stdout.splitlines()
    found = next(number for number, line in enumerate(lines) if "anonymous" in line)
    assert "  read from anywhere: aws_s3_bucket.open" in lines[found:]


@pytest.mark.parametrize(
    "question",
    [
        (),
        ("--to", "aws_s3_bucket.data"),
        ("--from", "aws_iam_role.reader", "--to", "aws_s3_bucket.data", "--can", "read"),
        ("--from", "aws_iam_role.reader", "--to", "aws_s3_bucket.data", "--can", "delete"),
        ("--from", "arn:aws:iam::111122223333:role/team/ops", "--to", "aws_s3_bucket.data"),
    ],
)
def test_no_line_is_wider_than_asked(run: Run, monkeypatch: pytest.MonkeyPatch, question: tuple[str, ...]) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = run(*question).stdout.splitlines()
    assert len(lines) > 3
    assert [line for line in lines if len(line) > 60 and len(line.split()) > 1] == []  # a name is never broken


def test_a_way_narrows_the_table(run: Run) -> None:
    assert "reader" not in run("--to", "aws_s3_bucket.data", "--via", "a VPC elsewhere", "--can", "write").stdout


def test_nobody_calls_through_an_endpoint_where_none_is_declared(run: Run) -> None:
    question = ("--from", "aws_iam_role.reader", "--to", "aws_s3_bucket.data", "--via", "endpoint")
    assert "it cannot call by the way that is asked about" in run(*question).stdout
    assert run("--via", "endpoint").stdout.startswith("nothing that is asked about is allowed")


def test_terraform_without_anything_to_ask_about_is_said_to_have_none(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_opensearch_domain" "o" { access_policies = "{}" }')
    result = CliRunner().invoke(command, [str(tmp_path)], obj=Application(), standalone_mode=False)
    assert result.stdout.startswith("nothing that is asked about is allowed\nassumed: the policy of aws_opensearch")


def test_a_way_that_is_not_there_says_which_there_are(run: Run) -> None:
    result = run("--via", "nowhere")
    assert isinstance(result.exception, NoSuchEnd)
    assert "the internet" in str(result.exception)


@pytest.mark.parametrize(
    "text", ["aws_iam_role.reader", "aws_lambda_function.report", "arn:aws:iam::111122223333:role/reader"]
)
def test_a_caller_is_found_by_address_arn_and_what_runs_as_it(world: World, text: str) -> None:
    assert [each.principal.key for each in callers_named(world, text)] == ["aws_iam_role.reader"]


@pytest.mark.parametrize("text", ["aws_s3_bucket.data", "arn:aws:s3:::data"])
def test_a_thing_is_found_by_address_and_arn(world: World, text: str) -> None:
    assert [each.key for each in things_named(world, text)] == ["aws_s3_bucket.data"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("arn:aws:sts::111122223333:assumed-role/reader/session", ["aws_iam_role.reader"]),
        ("arn:aws:iam::111122223333:root", ["root user"]),
        ("arn:aws:iam::111122223333:user/alice", ["arn:aws:iam::111122223333:user/alice"]),
        ("arn:aws:iam::444455556666:role/partner", ["arn:aws:iam::444455556666:role/partner"]),
        ("arn:aws:iam::999988887777:role/other", ["arn:aws:iam::999988887777:role/other"]),
        ("999988887777", ["any principal of account 999988887777"]),
        ("111122223333", ["administrators", "any other principal of the account", "aws_iam_role.reader", "root user"]),
        ("AROAEXAMPLE12", ["AROAEXAMPLE12"]),
        ("sqs.amazonaws.com", ["sqs.amazonaws.com", "sqs.amazonaws.com for another account"]),
        ("accounts.google.com", ["anyone with an account of accounts.google.com", "users of accounts.google.com"]),
    ],
)
def test_a_caller_is_found_as_aws_writes_it(place: Path, text: str, names: list[str]) -> None:
    found = callers_named(worlds_at([place], caller=text), text)
    assert sorted(each.principal.name for each in found) == names


def test_a_principal_that_nothing_names_gets_what_everybody_gets(run: Run) -> None:
    stranger = ("--from", "arn:aws:iam::999988887777:role/other", "--can", "read", "--to")
    assert run(*stranger, "aws_s3_bucket.open").stdout.startswith("yes: ")
    assert run(*stranger, "aws_s3_bucket.data").stdout.startswith("no: ")


def test_what_a_role_that_is_declared_elsewhere_may_do_is_assumed(run: Run) -> None:
    result = run("--from", "arn:aws:iam::111122223333:role/team/ops", "--to", "aws_s3_bucket.data", "--can", "delete")
    assert result.stdout.startswith("yes (assumed): ")
    assert "assumed: what arn:aws:iam::111122223333:role/team/ops may do is declared elsewhere" in result.stdout


def test_a_key_that_is_not_declared_here_makes_a_yes_assumed(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        TERRAFORM
        + """
variable "key" {}
resource "aws_sqs_queue" "jobs" {
  name              = "jobs"
  kms_master_key_id = var.key
}
"""
    )
    question = (str(tmp_path), "--from", "administrators", "--to", "aws_sqs_queue.jobs", "--can", "write")
    result = CliRunner().invoke(command, question, obj=Application(), standalone_mode=False)
    assert result.stdout.startswith("yes (assumed): administrators can write aws_sqs_queue.jobs")


QUEUE = """
variable "any" {{}}
resource "aws_sqs_queue" "jobs" {{
  name = "jobs"
  {argument}
}}
resource "aws_iam_role_policy" "jobs" {{
  role   = aws_iam_role.reader.name
  policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = {actions}, Resource = "*" }}] }})
}}
"""


@pytest.mark.parametrize(
    ("argument", "action", "is_assumed"),
    [
        ("", "sqs:SendMessage", False),
        ("kms_master_key_id = var.any", "sqs:SendMessage", True),
        ("kms_master_key_id = var.any", "sqs:DeleteMessage", False),
        ("count = var.any", "sqs:DeleteMessage", True),
    ],
)
def test_the_table_and_an_answer_agree_on_what_is_assumed(
    argument: str, action: str, is_assumed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    (tmp_path / "main.tf").write_text(TERRAFORM + QUEUE.format(argument=argument, actions='"sqs:*"'))

    def run(*options: str) -> str:
        arguments = (str(tmp_path), "--to", "aws_sqs_queue.jobs", "--can", action, *options)
        return CliRunner().invoke(command, arguments, obj=Application(), standalone_mode=False).stdout

    question = ("--from", "aws_iam_role.reader")
    answer, data = run(*question), json.loads(run(*question, "--json"))["yes"][0]
    assert answer.startswith("yes (assumed): " if is_assumed else "yes: ")
    assert ("assumed: " in answer) is is_assumed
    assert (bool(data["assumed"]), bool(data["witness"]["assumptions"])) == (is_assumed, is_assumed)
    of_reader = run().partition("aws_iam_role.reader\n")[2].splitlines()[0]
    assert ("(assumed)" in of_reader) is is_assumed


def test_a_name_that_is_not_there_says_what_is_alike(world: World) -> None:
    with pytest.raises(NoSuchEnd, match=r"Did you mean aws_s3_bucket.data"):
        things_named(world, "aws_s3_bucket.dat")


def test_an_action_that_no_thing_has_is_refused(world: World) -> None:
    with pytest.raises(NoSuchEnd, match=r"sqs:SendMessage"):
        actions_named(world.things(), "sqs:SendMessage")


def test_rows_join_callers_that_may_do_the_same(world: World) -> None:
    asked = actions_named(things_named(world, "aws_s3_bucket.open"), "s3:GetObject")
    found = rows(allowed(world, callers_named(world, "anyone"), asked))
    assert [(row.callers, row.verbs) for row in found] == [(("anonymous", "any principal of another account"), "read")]


def test_all_of_a_family_are_one_word() -> None:
    every = ["logs/a", "logs/b", "logs/c", "keys/a"]
    assert few(["logs/a", "logs/b", "logs/c"], every) == "logs/*"
    assert few(["logs/a", "logs/b"], every) == "logs/a, logs/b"


def test_a_question_about_a_table_is_about_its_stream_too(tmp_path: Path) -> None:
    main = 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n  stream_enabled = true\n}\n'
    (tmp_path / "main.tf").write_text(main, encoding="utf-8")
    world = worlds_at([tmp_path])
    both = ["aws_dynamodb_table.t", "aws_dynamodb_table.t.stream"]
    assert [each.key for each in things_named(world, "aws_dynamodb_table.t")] == both
    assert [each.key for each in things_named(world, "aws_dynamodb_table.t/stream")] == both[1:]


TAGGED = """
provider "aws" { allowed_account_ids = ["111122223333"] }
resource "aws_sqs_queue" "q" {
  name = "q"
  tags = { team = "red" }
}
resource "aws_iam_user" "u" { name = "u" }
resource "aws_iam_user_policy" "u" {
  user   = aws_iam_user.u.name
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "sqs:ACTION", Resource = "*" },
    { Effect = "Allow", Action = "sqs:SendMessage", Resource = "*"
      Condition = { StringEquals = { "aws:ResourceTag/team" = "blue" } } },
  ] })
}
"""


@pytest.mark.parametrize(("action", "expected"), [("TagQueue", True), ("ListQueueTags", False)])
def test_a_no_says_that_other_tags_would_make_it_a_yes(tmp_path: Path, action: str, expected: bool) -> None:
    (tmp_path / "main.tf").write_text(TAGGED.replace("ACTION", action), encoding="utf-8")
    asked = ["--from", "aws_iam_user.u", "--to", "aws_sqs_queue.q", "--can", "write"]
    result = CliRunner().invoke(command, [str(tmp_path), *asked], obj=Application(), standalone_mode=False)
    assert result.stdout.startswith("no: ")
    assert ("in 1 step: tag: sqs:TagQueue on aws_sqs_queue.q" in result.stdout) is expected
