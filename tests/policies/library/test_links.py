"""Links between resources: what cannot be followed is never taken for what is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.library.gaps import GapKind
from policies.library.model import Configuration, Links
from policies.library.terraform.load import load_directory
from policies.library.values import UnknownValue
from tests.support.helpers import write_files

_BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "meals"\n}\n'
_VPC = 'resource "aws_vpc" "v" {\n}\n'
_VARIABLE = 'variable "x" {\n}\n'


def _configuration(tmp_path: Path, text: str) -> Configuration:
    write_files(tmp_path, {"main.tf": text})
    return load_directory(tmp_path)[0]


def _policies(tmp_path: Path, text: str) -> Links:
    configuration = _configuration(tmp_path, text)
    (bucket,) = configuration.of_type("aws_s3_bucket")
    return configuration.referrers(bucket, "aws_s3_bucket_policy", "bucket")


def _policy(bucket: str, count: str = "") -> str:
    return f'resource "aws_s3_bucket_policy" "p" {{\n  bucket = {bucket}\n  {count}\n}}\n'


def test_what_is_certain_is_all_there_is(tmp_path: Path) -> None:
    links = _policies(tmp_path, _BUCKET + _policy("aws_s3_bucket.b.id"))
    assert [each.address for each in links] == ["aws_s3_bucket_policy.p"]
    assert not links.possible


@pytest.mark.parametrize("other", ['"other"', '"${var.x}-meals"', "aws_s3_bucket.elsewhere.id", "data.aws_vpc.v.id"])
def test_what_refers_to_something_else_is_absent(other: str, tmp_path: Path) -> None:
    assert not _policies(tmp_path, _BUCKET + _VARIABLE + _policy(other))


@pytest.mark.parametrize(
    "bucket",
    [
        "var.x",
        '"me${var.x}"',
        "local.missing",
        "replace(var.x, 1, 2)",
        "data.aws_s3_bucket.b.id",
        "module.m.bucket",
    ],
)
def test_what_may_refer_decides_where_nothing_is_certain(bucket: str, tmp_path: Path) -> None:
    links = _policies(
        tmp_path, _BUCKET + _VARIABLE + _policy(bucket) + 'module "m" {\n  source = "elsewhere/m/aws"\n}\n'
    )
    with pytest.raises(UnknownValue):
        bool(links)
    with pytest.raises(UnknownValue):
        list(links)
    assert [each.resource.address for each in links.possible if each.resource] == ["aws_s3_bucket_policy.p"]


def test_a_bucket_whose_name_is_unknown_may_be_named_by_text(tmp_path: Path) -> None:
    with pytest.raises(UnknownValue):
        bool(_policies(tmp_path, _VARIABLE + _BUCKET.replace('"meals"', "var.x") + _policy('"meals"')))


def test_an_id_that_aws_has_yet_to_give_is_not_in_a_variable(tmp_path: Path) -> None:
    log = 'resource "aws_flow_log" "f" {\n  vpc_id = var.x\n}\n'
    configuration = _configuration(tmp_path, _VPC + _VARIABLE + log)
    assert not configuration.referrers(configuration.resources["aws_vpc.v"], "aws_flow_log", "vpc_id")


@pytest.mark.parametrize(("argument", "may"), [("aws_vpc.v.id", True), ("[aws_vpc.v]", True), ('"elsewhere"', False)])
def test_a_module_that_is_not_here_may_hold_more(argument: str, may: bool, tmp_path: Path) -> None:
    providers = "providers = { aws = aws.other }"
    call = f'module "m" {{\n  source = "elsewhere/m/aws"\n  vpc    = {argument}\n  {providers}\n}}\n'
    configuration = _configuration(tmp_path, _VPC + call)
    (gap,) = configuration.gaps
    assert (gap.kind, gap.where, gap.source) == (GapKind.MODULE, "module.m", "elsewhere/m/aws")
    links = configuration.referrers(configuration.resources["aws_vpc.v"], "aws_flow_log", "vpc_id")
    assert bool(links.possible) is may


@pytest.mark.parametrize(
    ("bucket", "policy", "certain"),
    [
        ("", "count = var.x", False),
        ("count = var.x", "count = var.x", True),
        ("for_each = var.x", "for_each = aws_s3_bucket.b", True),
        ("for_each = var.x", "for_each = { for key, each in aws_s3_bucket.b : key => each.id }", True),
        ("for_each = var.x", "for_each = var.y", False),
        ("", "for_each = toset(var.x)", False),
    ],
)
def test_of_an_unknown_number_there_may_be_none(bucket: str, policy: str, certain: bool, tmp_path: Path) -> None:
    which = "each.value" if "{" in policy else "each.value.id" if "aws" in policy else "aws_s3_bucket.b[0].id"
    resource = _BUCKET.replace("}", f"  {bucket}\n}}")
    links = _policies(tmp_path, _VARIABLE + 'variable "y" {\n}\n' + resource + _policy(which, policy))
    assert bool(links.certain) is certain
    assert bool(links.possible) is not certain


def test_what_an_unknown_number_of_modules_makes_is_of_unknown_number(tmp_path: Path) -> None:
    call = 'module "m" {\n  source = "./m"\n  count  = var.x\n}\n'
    write_files(tmp_path, {"main.tf": _VARIABLE + call, "m/main.tf": _VPC})
    (vpc,) = load_directory(tmp_path)[0].of_type("aws_vpc")
    assert vpc.number_unknown == "var.x"


def test_targets_are_certain_or_elsewhere(tmp_path: Path) -> None:
    subnets = [
        f'resource "aws_subnet" "s{at}" {{\n  vpc_id = {vpc}\n}}\n'
        for at, vpc in enumerate(["aws_vpc.v.id", '"vpc-1"', "data.aws_vpc.v.id", "null"])
    ]
    configuration = _configuration(tmp_path, _VPC + "".join(subnets))
    here, literal, found, unset = (
        configuration.targets(each.get("vpc_id")) for each in configuration.of_type("aws_subnet")
    )
    assert here
    assert not here.possible
    assert not unset
    for links in (literal, found):
        with pytest.raises(UnknownValue):
            bool(links)


@pytest.mark.parametrize("name", ["var.x", '"${var.x}-logs"', "local.name"])
def test_the_same_name_is_the_same_resource_whatever_the_name_is(name: str, tmp_path: Path) -> None:
    local = 'locals {\n  name = "${var.x}-meals"\n}\n'
    links = _policies(tmp_path, _VARIABLE + local + _BUCKET.replace('"meals"', name) + _policy(name))
    assert [each.address for each in links] == ["aws_s3_bucket_policy.p"]


def test_an_attribute_that_is_unknown_still_leads_to_its_resource(tmp_path: Path) -> None:
    links = _policies(tmp_path, _VARIABLE + _BUCKET.replace('"meals"', "var.x") + _policy("aws_s3_bucket.b.bucket"))
    assert [each.address for each in links] == ["aws_s3_bucket_policy.p"]
