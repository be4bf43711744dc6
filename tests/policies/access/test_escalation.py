"""What somebody can make of what they may do: each kind of step, and what only looks like one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import pytest

from policies.access.becoming import ANY_PERMISSION
from policies.access.escalation import Escalations, Gain
from policies.access.escalation_actions import BECOMES, BY_TYPE, CODE, PASS, STARTS, TAG, Escalation
from policies.access.model import (
    AccessModel,
    Account,
    Caller,
    Origin,
    Policy,
    PolicyKind,
    Position,
    PrincipalKind,
    Requester,
    Thing,
)
from policies.access.paths import escalation_paths
from policies.access.read.statements import anything
from policies.library.model import Resource
from policies.reachability.network import Assumption
from tests.support.access import (
    OWN,
    allow,
    bucket,
    deny,
    holding,
    identity,
    key,
    policy,
    role,
    role_thing,
    service,
    table,
    user,
)

LAMBDA = {"Service": "lambda.amazonaws.com"}
TARGET = role("target")
TRUSTS_LAMBDA = role_thing("target", allow("sts:AssumeRole", principal=LAMBDA))


def found(
    caller: Requester,
    *things: Thing,
    others: Sequence[Requester] = (),
    types: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    certainly: bool = True,
) -> list[tuple[Escalation, str]]:
    """How a caller gets what, and whether it surely does: the requester, or else the thing."""
    gains = all_gains(caller, *things, others=others, types=types)
    assert all(each.is_certain is certainly for each in gains)
    return [(each.by, ", ".join((*each.requesters, *each.strengthens)) or each.thing.key) for each in gains]


def all_gains(
    caller: Requester,
    *things: Thing,
    others: Sequence[Requester] = (),
    types: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> list[Gain]:
    """What a caller gets."""
    people = [caller, TARGET, service("lambda.amazonaws.com"), service("ec2.amazonaws.com"), *others]
    model = AccessModel(
        principals={each.key: each for each in people},
        things={each.key: each for each in things},
        endpoints={},
        accounts={each: Account(each, each, each) for each in (OWN, *(one.account for one in people if one.account))},
        resource_types=types,
    )
    asking = Caller(caller, (Position("anywhere"),))
    return list(Escalations(model, [asking]).of(asking))


def who(*statements: object) -> Requester:
    return role("who", identity(*statements))  # type: ignore[arg-type]


def test_a_role_is_assumed_where_both_sides_allow() -> None:
    trusting = role_thing("target", allow("sts:AssumeRole", principal={"AWS": f"arn:aws:iam::{OWN}:root"}))
    assert found(who(allow("sts:AssumeRole")), trusting) == [(Escalation.ASSUME, "target")]
    assert found(who(allow("sts:AssumeRole")), TRUSTS_LAMBDA) == []
    assert found(who(allow("ec2:*")), trusting) == []


def test_a_role_is_passed_to_a_service_that_it_trusts() -> None:
    creates = allow(["lambda:CreateFunction", "lambda:InvokeFunction"])
    assert found(who(allow(PASS), creates), TRUSTS_LAMBDA) == [(Escalation.PASS, "target")]


def test_what_a_service_starts_is_of_any_type() -> None:
    types = {"lambda:createfunction": ("function",), "lambda:invokefunction": ("function", "function alias")}
    creates = allow(["lambda:CreateFunction", "lambda:InvokeFunction"], f"arn:aws:lambda:*:{OWN}:function:new-*")
    assert found(who(allow(PASS), creates), TRUSTS_LAMBDA, types=types) == [(Escalation.PASS, "target")]


@pytest.mark.parametrize(
    "statements",
    [
        [allow(["lambda:CreateFunction", "lambda:InvokeFunction"])],
        [allow([PASS, "lambda:CreateFunction"])],
        [allow([PASS, "ec2:RunInstances"])],
        [allow("lambda:*"), allow(PASS, condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}})],
        [allow("lambda:*"), allow(PASS, f"arn:aws:iam::{OWN}:role/other")],
    ],
)
def test_a_pass_that_lacks_one_thing_gives_nothing(statements: list[object]) -> None:
    assert found(who(*statements), TRUSTS_LAMBDA) == []


@pytest.mark.parametrize("prefix", STARTS)
def test_each_way_to_start_something_with_a_role_counts(prefix: str) -> None:
    for way in STARTS[prefix]:
        principal = {"Service": ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com", f"{prefix}.amazonaws.com"]}
        principal["Service"] += ["tasks.apprunner.amazonaws.com"]
        trusting = role_thing("target", allow("sts:AssumeRole", principal=principal))
        others = [service(name) for name in principal["Service"]]
        assert (Escalation.PASS, "target") in found(who(allow([PASS, *way])), trusting, others=others)


def test_code_that_runs_with_a_role_gives_the_role() -> None:
    arns = {"function": (f"arn:aws:lambda:us-east-1:{OWN}:function:f",)}
    function = Thing("f", "f", "aws_lambda_function", "lambda", arns, OWN, runs_as=("target",))
    assert found(who(allow("lambda:UpdateFunctionCode")), function) == [(Escalation.CODE, "target")]
    assert found(who(allow("lambda:InvokeFunction")), function) == []


def test_a_role_that_writes_its_own_policies_widens_itself() -> None:
    own = role_thing("who", allow("sts:AssumeRole", principal=LAMBDA))
    assert found(who(allow("iam:PutRolePolicy", f"arn:aws:iam::{OWN}:role/who")), own) == [(Escalation.REWRITE, "who")]
    assert found(who(allow("iam:PutRolePolicy", f"arn:aws:iam::{OWN}:role/other")), own) == []


def test_credentials_of_a_user_give_the_user() -> None:
    arns = {"user": (f"arn:aws:iam::{OWN}:user/admin",)}
    thing = Thing("admin", "admin", "aws_iam_user", "iam", arns, OWN)
    people = [user("admin")]
    assert found(who(allow("iam:CreateAccessKey")), thing, others=people) == [(Escalation.CREDENTIALS, "admin")]


def test_a_trust_policy_that_is_rewritten_gives_the_role() -> None:
    assert found(who(allow("iam:UpdateAssumeRolePolicy")), TRUSTS_LAMBDA) == [(Escalation.CREDENTIALS, "target")]


@pytest.mark.parametrize("type_", [each for each in CODE if each != "aws_launch_template"])
def test_each_way_to_change_code_gives_its_role_and_part_of_one_does_not(type_: str) -> None:
    for way in CODE[type_]:
        thing = Thing("f", "f", type_, "any", {"any": ("arn:f",)}, OWN, runs_as=("target",))
        assert (Escalation.CODE, "target") in found(who(allow(list(way))), thing)
        if len(way) > 1:
            assert found(who(allow(list(way[1:]))), thing) == []


def test_calls_that_a_definition_makes_are_those_of_its_role() -> None:
    arns = {"statemachine": (f"arn:aws:states:us-east-1:{OWN}:stateMachine:m",)}
    machine = Thing("m", "m", "aws_sfn_state_machine", "states", arns, OWN, acts_as=("target",))
    assert found(who(allow("states:UpdateStateMachine")), machine) == [(Escalation.CODE, "target")]


def test_a_new_version_of_a_template_gives_every_role_of_instances() -> None:
    ec2 = role_thing("target", allow("sts:AssumeRole", principal={"Service": "ec2.amazonaws.com"}))
    template = Thing("t", "t", "aws_launch_template", "ec2", {"launch-template": ("arn:t",)}, OWN)
    group = Thing("g", "g", "aws_autoscaling_group", "autoscaling", {"autoScalingGroup": ("arn:g",)}, OWN)
    asking = who(allow("ec2:CreateLaunchTemplateVersion"))
    assert found(asking, ec2, template, group) == [(Escalation.CODE, "target")]
    assert found(asking, ec2, template) == []
    assert found(asking, TRUSTS_LAMBDA, template, group) == []


def test_what_limits_somebody_can_be_taken_away_if_there_is_something() -> None:
    arns = {"role": (f"arn:aws:iam::{OWN}:role/who",)}
    own = Thing("who", "who", "aws_iam_role", "iam", arns, OWN)
    detaches = allow(["iam:DetachRolePolicy", "iam:DeleteRolePermissionsBoundary"])
    assert found(who(detaches), own) == []
    assert found(who(detaches, deny("s3:*")), own) == [(Escalation.LOOSEN, "who")]
    bounded = role("who", identity(detaches), boundaries=(policy(PolicyKind.BOUNDARY, allow("iam:*")),))
    assert found(bounded, own) == [(Escalation.LOOSEN, "who")]


@pytest.mark.parametrize(
    ("action", "thing", "by"),
    [
        ("s3:PutBucketPolicy", bucket(), Escalation.REWRITE),
        ("dynamodb:DeleteResourcePolicy", table(), Escalation.REWRITE),
        ("dynamodb:ExportTableToPointInTime", table(), Escalation.COPY),
        ("s3:PutReplicationConfiguration", bucket(), Escalation.COPY),
        ("kms:CreateGrant", key(allow("kms:*", principal={"AWS": OWN})), Escalation.GRANT),
        ("kms:PutKeyPolicy", key(allow("kms:*", principal={"AWS": OWN})), Escalation.REWRITE),
    ],
)
def test_policies_grants_and_copies_give_the_thing(action: str, thing: Thing, by: Escalation) -> None:
    assert found(who(allow(action)), thing) == [(by, thing.key)]
    assert found(who(allow(action), deny(action)), thing) == []


def test_what_else_gives_something_makes_nobody() -> None:
    types = dict.fromkeys(type_ for table in (*BY_TYPE, CODE, TAG) for type_ in table)
    asked = {"aws:resourcetag/team": "red"}
    things = [
        Thing(
            type_,
            type_,
            type_,
            "any",
            {"any": (f"arn:{type_}",)},
            OWN,
            runs_as=("target",),
            context=holding(asked),
            resource=Resource({}, type_, type_, type=type_, name="x", file="main.tf"),
        )
        for type_ in types
    ]
    things += [TRUSTS_LAMBDA, Thing("ann", "ann", "aws_iam_user", "iam", {"user": ("arn:ann",)}, OWN)]
    condition = {"StringEquals": {"aws:ResourceTag/team": "blue", "aws:PrincipalTag/team": "blue"}}
    everything = [allow("*"), allow("s3:ListBucket", condition=condition)]
    limited = replace(TARGET, boundaries=(policy(PolicyKind.BOUNDARY, allow("*")),))
    others = (tagged_role("tagged", "red"), user("ann"), limited)
    gained = all_gains(who(*everything), *things, others=others)
    assert {each.by for each in gained} >= {*Escalation} - {Escalation.JOIN}
    for each in all_gains(who(*everything, deny(list(BECOMES))), *things, others=others):
        assert (each.requesters, each.strengthens, each.makes) == ((), (), ()), each


def test_an_administrator_gains_nothing() -> None:
    administrator = role("administrator", is_unrestricted=True)
    assert found(administrator, TRUSTS_LAMBDA, bucket()) == []
    root = Requester("root", "root", PrincipalKind.ROOT, f"arn:aws:iam::{OWN}:root", OWN)
    assert found(root, TRUSTS_LAMBDA, bucket()) == []


def test_an_administrator_elsewhere_takes_roles_that_trust_their_account() -> None:
    partner = "111122223333"
    trusting = role_thing("target", allow("sts:AssumeRole", principal={"AWS": f"arn:aws:iam::{partner}:root"}))
    arn = f"arn:aws:iam::{partner}:role/any"
    stranger = Requester("stranger", "stranger", PrincipalKind.ROLE, arn, partner, is_unrestricted=True)
    assert found(stranger, trusting) == [(Escalation.ASSUME, "target")]


WRITES = allow(["iam:CreateRole", "iam:PutRolePolicy"])
LIMITED = {"StringEquals": {"iam:PermissionsBoundary": f"arn:aws:iam::{OWN}:policy/limit"}}
ADMINISTRATORS = "arn:aws:iam::aws:policy/AdministratorAccess"
ITSELF = (Escalation.CREATE, "who")


def roles(name: str) -> str:
    return f"arn:aws:iam::{OWN}:role/{name}"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((WRITES,), True),
        ((allow(["iam:CreateRole", "iam:AttachRolePolicy"]),), True),
        ((allow(["iam:CreateUser", "iam:PutUserPolicy", "iam:CreateAccessKey"]),), True),
        ((allow(["iam:CreateUser", "iam:AttachUserPolicy", "iam:CreateLoginProfile"]),), True),
        ((allow(["iam:CreateUser", "iam:AttachUserPolicy"]),), False),
        ((allow(["iam:CreateUser", "iam:CreateAccessKey"]),), False),
        ((allow("iam:CreateRole"),), False),
        ((WRITES, deny("sts:AssumeRole")), False),
        ((WRITES, deny("sts:AssumeRole", roles("x-*"))), True),
        ((allow("iam:CreateRole", roles("a-*")), allow("iam:PutRolePolicy", roles("*-b"))), True),
        ((allow("iam:CreateRole", roles("a-*")), allow("iam:PutRolePolicy", roles("b-*"))), False),
        ((allow("iam:CreateRole"), allow("iam:PutRolePolicy", roles("other"))), True),
        ((WRITES, deny("iam:PutRolePolicy", condition={"Null": {"iam:PermissionsBoundary": "false"}})), True),
    ],
)
def test_a_role_or_user_of_their_own_gives_any_permission(statements: Sequence[object], expected: bool) -> None:
    assert found(who(*statements), bucket()) == ([ITSELF] if expected else [])


def test_what_is_there_cannot_be_made() -> None:
    only_there = who(allow("iam:CreateRole"), allow("iam:PutRolePolicy", roles("target")))
    assert ITSELF not in found(only_there, role_thing("target"))


@pytest.mark.parametrize(
    "statement",
    [
        allow(["iam:CreateRole", "iam:PutRolePolicy"], condition=LIMITED),
        allow(["iam:CreateRole", "iam:AttachRolePolicy"], condition={"ArnEquals": {"iam:PolicyARN": roles("x")}}),
    ],
)
def test_what_limits_who_is_made_makes_it_no_certainty(statement: object) -> None:
    either = [allow("iam:CreateRole"), statement]
    assert found(who(*either), bucket(), certainly=False) == [ITSELF]


@pytest.mark.parametrize(
    ("policies", "certainly"),
    [
        (ADMINISTRATORS, True),
        ([ADMINISTRATORS, "arn:aws:iam::aws:policy/ReadOnlyAccess"], True),
        ("arn:aws:iam::aws:policy/*", True),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", False),
        (f"arn:aws:iam::{OWN}:policy/team-*", False),
    ],
)
def test_what_may_be_attached_decides_what_it_gives(policies: object, certainly: bool) -> None:
    attaches = allow("iam:AttachRolePolicy", condition={"ArnLike": {"iam:PolicyARN": policies}})
    assert found(who(attaches), role_thing("target"), certainly=certainly) == [(Escalation.REWRITE, "target")]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"Bool": {"kms:GrantIsForAWSResource": "true"}}, False),
        ({"Bool": {"kms:GrantIsForAWSResource": "false"}}, True),
        ({"ForAllValues:StringEquals": {"kms:GrantOperations": ["Encrypt", "DescribeKey"]}}, False),
        ({"ForAllValues:StringEquals": {"kms:GrantOperations": ["Encrypt", "Decrypt"]}}, True),
        ({}, True),
    ],
)
def test_a_grant_that_is_for_services_or_decrypts_nothing_gives_nothing(condition: object, expected: bool) -> None:
    lets_in = allow("kms:*", principal={"AWS": f"arn:aws:iam::{OWN}:root"})
    caller = who(allow("kms:CreateGrant", condition=condition))
    assert found(caller, key(lets_in)) == ([(Escalation.GRANT, "k")] if expected else [])


GROUP = Thing("g", "g", "aws_iam_group", "iam", {"group": (f"arn:aws:iam::{OWN}:group/g",)}, OWN)
USER = Thing("ann", "ann", "aws_iam_user", "iam", {"user": (f"arn:aws:iam::{OWN}:user/ann",)}, OWN)
LIMIT = f"arn:aws:iam::{OWN}:policy/limit"
DECLARED = Resource({}, "limit", "limit", type="aws_iam_policy", name="limit", file="main.tf")
LIMITS = Thing("limit", "limit", "aws_iam_policy", "iam", {"policy": (LIMIT,)}, OWN, resource=DECLARED)
ADDS = allow("iam:AddUserToGroup", f"arn:aws:iam::{OWN}:group/g")


def within(*statements: Mapping[str, object]) -> Policy:
    """What a managed policy of some statements says as a boundary."""
    return replace(policy(PolicyKind.BOUNDARY, *statements), resource=DECLARED, arn=LIMIT)


def becomes(
    caller: Requester,
    *things: Thing,
    others: Sequence[Requester] = (),
    group: Sequence[Mapping[str, object]] = (),
    limit: Sequence[Mapping[str, object]] = (),
) -> dict[str, bool]:
    """What a caller can become in any number of steps, by name, and whether that is certain."""
    people = {each.key: each for each in (caller, *others, service("lambda.amazonaws.com"))}
    model = AccessModel(
        principals=people,
        things={each.key: each for each in things},
        endpoints={},
        accounts={OWN: Account(OWN, OWN, OWN)},
        attachable={"g": (identity(*group),), LIMIT: (within(*limit),)},
    )
    escalations = Escalations(model, [Caller(each, (Position("anywhere"),)) for each in people.values()])

    def gains(key: str) -> tuple[Gain, ...]:
        asking = escalations.caller_of(key)
        return tuple(escalations.of(asking)) if asking is not None else ()

    found = {}
    for path in escalation_paths(caller.key, gains):
        asking = escalations.caller_of(path.becomes)
        found[asking.principal.name if asking is not None else path.becomes] = path.is_certain
    return found


def test_who_joins_a_group_has_what_it_allows() -> None:
    ann = user("ann", identity(ADDS))
    assert becomes(ann, GROUP) == {"ann in g": True}
    takes = becomes(ann, GROUP, role_thing("target", TRUSTING), others=(TARGET,), group=[allow("sts:AssumeRole")])
    assert takes == {"ann in g": True, "target": True}
    everything = becomes(ann, GROUP, USER, group=[allow("iam:PutUserPolicy")])
    assert everything == {"ann in g": True, ANY_PERMISSION: True}


def test_a_role_joins_no_group_but_puts_in_a_user_whom_it_can_be() -> None:
    ann = user("ann")
    assert becomes(who(ADDS), GROUP, USER, others=(ann,)) == {}
    both = becomes(who(ADDS, allow("iam:CreateAccessKey")), GROUP, USER, others=(ann,))
    assert both == {"ann": True, "ann in g": True}


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (["iam:CreateUser", "iam:CreateAccessKey"], True),
        (["iam:CreateUser", "iam:CreateLoginProfile"], True),
        (["iam:CreateUser"], False),
        (["iam:CreateAccessKey"], False),
    ],
)
def test_a_new_user_in_a_group_is_one_more_to_be(actions: list[str], expected: bool) -> None:
    found = becomes(who(ADDS, allow(actions)), GROUP, group=[allow("s3:*")])
    assert found == ({"a new user in g": True} if expected else {})


def test_groups_that_are_not_declared_may_give_anything() -> None:
    anywhere = allow("iam:AddUserToGroup")
    assert becomes(user("ann", identity(anywhere)), GROUP) == {"ann in g": True, ANY_PERMISSION: False}
    makes = allow(["iam:CreateUser", "iam:CreateAccessKey"])
    assert becomes(who(anywhere, makes), bucket()) == {ANY_PERMISSION: False}
    assert becomes(who(anywhere), bucket()) == {}


TRUSTING = allow("sts:AssumeRole", principal={"AWS": f"arn:aws:iam::{OWN}:root"})
BOUNDARY = within(allow("s3:*"), deny("s3:Delete*"))


def test_a_boundary_that_is_known_limits_what_a_policy_gives() -> None:
    limited = role("target", boundaries=(BOUNDARY,))
    trusting = role_thing("target", TRUSTING)
    caller = who(allow(["iam:PutRolePolicy", "sts:AssumeRole"]))
    within = "target with any policy within its boundary"
    assert becomes(caller, trusting, LIMITS, others=(limited,)) == {"target": True, within: True}
    freed = who(allow(["iam:PutRolePolicy", "sts:AssumeRole", "iam:DeleteRolePermissionsBoundary"]))
    assert becomes(freed, trusting, LIMITS, others=(limited,))[ANY_PERMISSION]


def test_a_boundary_that_is_not_known_makes_it_no_certainty() -> None:
    unknown = anything(PolicyKind.BOUNDARY, "b", Origin(None, "b"), Assumption("not known"))
    limited = role("target", boundaries=(unknown,))
    caller = who(allow(["iam:PutRolePolicy", "sts:AssumeRole"]))
    assert becomes(caller, role_thing("target", TRUSTING), others=(limited,))[ANY_PERMISSION] is False


WITHIN = {"StringEquals": {"iam:PermissionsBoundary": LIMIT}}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([], False),
        ([allow("iam:DeleteRolePermissionsBoundary")], True),
        ([allow("iam:DeleteRolePermissionsBoundary", f"arn:aws:iam::{OWN}:role/target")], False),
        ([allow("iam:CreatePolicyVersion")], True),
    ],
)
def test_a_role_that_must_have_a_boundary_may_do_what_that_allows(more: list[object], expected: bool) -> None:
    makes = allow(["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"], condition=WITHIN)
    caller = who(makes, *more)
    found = becomes(caller, LIMITS, role_thing("target"), others=(TARGET,), limit=[allow("s3:*")])
    assert found.pop("a new role with any policy within permissions boundary")
    assert found == ({ANY_PERMISSION: True} if expected else {})


def test_a_role_within_a_boundary_goes_on_from_there() -> None:
    makes = allow(["iam:CreateRole", "iam:PutRolePolicy"], condition=WITHIN)
    trusting = role_thing("target", TRUSTING)
    for limit, expected in (([allow("sts:AssumeRole")], True), ([allow("s3:*")], False)):
        assert ("target" in becomes(who(makes), LIMITS, trusting, others=(TARGET,), limit=limit)) is expected


BLUE = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}


def tagged_role(name: str, team: str, *statements: Mapping[str, object]) -> Requester:
    """A role with a tag."""
    return role(name, identity(*statements), context=holding({"aws:principaltag/team": team}))


def test_who_may_tag_the_role_that_they_are_fulfils_its_conditions() -> None:
    own = role_thing("who", TRUSTING)
    other = role_thing("target", allow("sts:AssumeRole", principal={"AWS": f"arn:aws:iam::{OWN}:root"}))
    for team, tags, expected in (("red", "iam:TagRole", True), ("red", "iam:GetRole", False)):
        caller = tagged_role("who", team, allow(tags), allow("sts:AssumeRole", roles("target"), condition=BLUE))
        found = becomes(caller, own, other, others=(TARGET,))
        assert found == ({"who with any tags": True, "target": True} if expected else {})


def test_tags_that_no_condition_asks_for_give_nothing() -> None:
    caller = tagged_role("who", "red", allow(["iam:TagRole", "dynamodb:TagResource"]))
    things = (role_thing("who", TRUSTING), table(context=holding({"aws:resourcetag/team": "red"})))
    assert becomes(caller, *things) == {}
    assert found(caller, *things) == []


def test_who_takes_a_role_with_tags_of_their_own_has_these() -> None:
    trust = allow(["sts:AssumeRole", "sts:TagSession"], principal={"AWS": f"arn:aws:iam::{OWN}:root"})
    target = tagged_role("target", "red", allow("s3:*", condition=BLUE))
    caller = who(allow(["sts:AssumeRole", "sts:TagSession"]))
    assert becomes(caller, role_thing("target", trust), others=(target,)) == {
        "target": True,
        "target with any tags": True,
    }
    assert becomes(caller, role_thing("target", TRUSTING), others=(target,)) == {"target": True}


def test_who_may_tag_a_thing_that_conditions_tell_by_its_tags() -> None:
    asked = allow("dynamodb:GetItem", condition={"StringEquals": {"aws:ResourceTag/team": "blue"}})
    thing = table(context=holding({"aws:resourcetag/team": "red"}))
    assert found(who(asked, allow("dynamodb:TagResource")), thing) == [(Escalation.TAG, "t")]
    assert found(who(asked), thing) == []


def test_credentials_in_data_are_those_of_who_reads_it() -> None:
    thing = bucket(holds=("ann",))
    reads, lists = who(allow("s3:GetObject")), who(allow("s3:ListBucket"))
    assert found(reads, thing, others=(user("ann"),)) == [(Escalation.CREDENTIALS, "ann")]
    assert found(lists, thing, others=(user("ann"),)) == []
    locked = replace(thing, encryption_keys=("k",))
    assert found(reads, locked, key(), others=(user("ann"),)) == []


def test_a_new_user_in_a_group_who_must_have_a_boundary_is_assumed() -> None:
    makes = [allow("iam:CreateUser", condition=WITHIN), allow("iam:CreateAccessKey")]
    found = becomes(who(ADDS, *makes), GROUP, LIMITS, group=[allow("s3:*")], limit=[allow("s3:*")])
    assert found == {"a new user in g": False}
