"""What AWS's guides say of their own examples: policies of their kind, with the answer that the page gives.

Each class is a guide or a part of it, and each case names its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from policies.access.model import Account, Policy, PolicyKind, Position, Requester, Thing
from tests.support.access import (
    OTHER,
    OWN,
    allow,
    bucket,
    deny,
    endpoint,
    holding,
    identity,
    key,
    may,
    policy,
    resource,
    role,
    role_thing,
    service,
    table,
    user,
)

B = "arn:aws:s3:::b"
OBJECTS = f"{B}/*"
ANYONE = "*"
OWN_ACCOUNT = {"AWS": f"arn:aws:iam::{OWN}:root"}
OTHER_ACCOUNT = {"AWS": f"arn:aws:iam::{OTHER}:root"}
EVERYTHING = allow("*")


def at(values: Mapping[str, Any]) -> Position:
    """A place where requests hold some keys."""
    return Position("there", context=holding(values))


def boundary(*statements: Mapping[str, Any]) -> tuple[Policy, ...]:
    return (policy(PolicyKind.BOUNDARY, *statements),)


def session(*statements: Mapping[str, Any]) -> tuple[Policy, ...]:
    return (policy(PolicyKind.SESSION, *statements),)


def accounts(scp: list[Mapping[str, Any]] | None = None, rcp: list[Mapping[str, Any]] | None = None) -> list[Account]:
    """The own account below an organization's policies, and another one."""
    scps = ((policy(PolicyKind.SCP, EVERYTHING, *scp),),) if scp is not None else ()
    everybody = allow("*", principal=ANYONE)
    rcps = ((policy(PolicyKind.RCP, everybody, *rcp),),) if rcp is not None else ()
    return [Account(OWN, OWN, OWN, organization="o-own", scps=scps, rcps=rcps), Account(OTHER, OTHER, OTHER)]


class TestEvaluationLogic:
    """IAM user guide, "Policy evaluation logic"."""

    OWN_BUCKET = (
        allow("s3:*", ["arn:aws:s3:::carlossalazar", "arn:aws:s3:::carlossalazar/*"]),
        deny("s3:*", "arn:aws:s3:::*log*"),
        allow("s3:ListAllMyBuckets"),
    )

    @pytest.mark.parametrize(
        ("name", "action", "expected"),
        [
            ("carlossalazar", "s3:PutObject", True),
            ("carlossalazar", "s3:DeleteBucketPolicy", True),
            ("carlossalazar-logs", "s3:GetObject", False),
            ("somebody", "s3:GetObject", False),
        ],
    )
    def test_a_deny_of_logs_beats_what_is_allowed(self, name: str, action: str, expected: bool) -> None:
        carlos = user("carlossalazar", identity(*self.OWN_BUCKET))
        assert may(carlos, action, bucket(name=name)) is expected

    def test_what_the_bucket_of_logs_allows_its_owner_stays_denied(self) -> None:
        carlos = user("carlossalazar", identity(*self.OWN_BUCKET))
        grants = resource(allow("s3:*", principal={"AWS": carlos.arn}))
        assert not may(carlos, "s3:GetObject", bucket(grants, name="carlossalazar-logs"))

    @pytest.mark.parametrize(
        ("by_identity", "by_bucket", "expected"),
        [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
    )
    def test_across_accounts_both_must_allow(self, by_identity: bool, by_bucket: bool, expected: bool) -> None:
        """From "Cross-account policy evaluation logic"."""
        caller = role("role", *([identity(allow("s3:*"))] if by_identity else []), account=OTHER)
        thing = bucket(*([resource(allow("s3:*", principal={"AWS": caller.arn}))] if by_bucket else []))
        assert may(caller, "s3:GetObject", thing) is expected

    def test_across_accounts_the_boundary_counts_for_a_role_that_is_named(self) -> None:
        caller = role("role", identity(allow("s3:*")), account=OTHER, boundaries=boundary(allow("ec2:*")))
        assert not may(caller, "s3:GetObject", bucket(resource(allow("s3:*", principal={"AWS": caller.arn}))))


class TestBoundaries:
    """IAM user guide, "Permissions boundaries for IAM entities"."""

    LIMIT = boundary(allow(["s3:*", "cloudwatch:*", "ec2:*"]))

    def test_what_the_boundary_lacks_is_denied_though_a_policy_allows_it(self) -> None:
        shirley = user("ShirleyRodriguez", identity(allow("iam:CreateUser")), boundaries=self.LIMIT)
        assert not may(shirley, "iam:CreateUser", role_thing("x"))

    def test_what_only_the_boundary_has_is_not_allowed(self) -> None:
        assert not may(user("ShirleyRodriguez", boundaries=self.LIMIT), "s3:GetObject", bucket())

    def test_both_together_allow(self) -> None:
        shirley = user("ShirleyRodriguez", identity(EVERYTHING), boundaries=self.LIMIT)
        assert may(shirley, "s3:GetObject", bucket())

    def test_a_grant_to_the_user_by_a_resource_is_not_limited(self) -> None:
        zhang = user("ZhangWei", boundaries=boundary(allow("ec2:*")))
        assert may(zhang, "s3:GetObject", bucket(resource(allow("s3:*", principal={"AWS": zhang.arn}))))

    def test_a_deny_in_the_boundary_limits_even_that(self) -> None:
        zhang = user("ZhangWei", boundaries=boundary(EVERYTHING, deny("s3:GetObject", f"{B}/logs/*")))
        grants = resource(allow("s3:*", f"{B}/logs/*", principal={"AWS": zhang.arn}))
        assert not may(zhang, "s3:GetObject", bucket(grants))

    @pytest.mark.parametrize(
        ("named", "expected"),
        [(f"arn:aws:iam::{OWN}:role/role", False), (f"arn:aws:sts::{OWN}:assumed-role/role/session", True)],
    )
    def test_session_policies_limit_grants_to_the_role_and_not_to_the_session(self, named: str, expected: bool) -> None:
        """From "Session policies"."""
        caller = role("role", sessions=session(allow("ec2:*")))
        assert may(caller, "s3:GetObject", bucket(resource(allow("s3:*", principal={"AWS": named})))) is expected


class TestElements:
    """IAM user guide, "IAM JSON policy element reference"."""

    @pytest.mark.parametrize(("action", "expected"), [("s3:GetObject", True), ("s3:DeleteBucket", False)])
    def test_not_action_allows_all_others(self, action: str, expected: bool) -> None:
        statement = {"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::*"}
        assert may(role("role", identity(statement)), action, bucket()) is expected

    @pytest.mark.parametrize(("team", "expected"), [("HRBucket", True), ("b", False)])
    def test_not_resource_denies_all_others(self, team: str, expected: bool) -> None:
        """From "IAM JSON policy elements: NotResource"."""
        inside = ["arn:aws:s3:::HRBucket", "arn:aws:s3:::HRBucket/*"]
        statement = {"Effect": "Deny", "Action": "s3:*", "NotResource": inside}
        caller = role("role", identity(allow("s3:*"), statement))
        assert may(caller, "s3:GetObject", bucket(name=team)) is expected

    @pytest.mark.parametrize(("name", "expected"), [("Bob", True), ("Carol", False)])
    def test_a_deny_spares_whom_not_principal_names_with_their_account(self, name: str, expected: bool) -> None:
        """From "AWS JSON policy elements: NotPrincipal"."""
        spared = {"AWS": [f"arn:aws:iam::{OTHER}:user/Bob", f"arn:aws:iam::{OTHER}:root"]}
        statement = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "NotPrincipal": spared}
        thing = bucket(resource(allow("s3:*", principal=OTHER_ACCOUNT), statement))
        assert may(user(name, identity(allow("s3:*")), account=OTHER), "s3:GetObject", thing) is expected

    def test_variables_keep_each_user_to_their_folder(self) -> None:
        """From "IAM policy elements: Variables and tags"."""
        statement = allow("s3:GetObject", f"{B}/home/${{aws:username}}/*")
        folder = replace(bucket(), arns={"object": (f"{B}/home/bob/*",)})
        assert may(user("bob", identity(statement)), "s3:GetObject", folder)
        assert not may(user("eve", identity(statement)), "s3:GetObject", folder)
        assert not may(role("bob", identity(statement)), "s3:GetObject", folder)

    def test_a_star_in_an_arn_condition_stays_in_its_part(self) -> None:
        """From "Condition operators: Amazon Resource Name (ARN) condition operators"."""
        named = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ci"}}
        thing = bucket(resource(allow("s3:*", principal=ANYONE, condition=named)))
        assert may(role("ci"), "s3:GetObject", thing)
        assert not may(role("ci/x"), "s3:GetObject", thing)


class TestConditions:
    """IAM user guide, "IAM JSON policy elements: Condition" and "AWS global condition context keys"."""

    @pytest.mark.parametrize(
        ("operator", "value", "held", "expected"),
        [
            ("Bool", "true", "true", True),
            ("Bool", "true", "false", False),
            ("Bool", "true", None, False),
            ("BoolIfExists", "true", None, True),
            ("BoolIfExists", "true", "false", False),
            ("Null", "true", None, True),
            ("Null", "true", "false", False),
            ("Null", "false", "false", True),
        ],
    )
    def test_multi_factor_authentication(self, operator: str, value: str, held: str | None, expected: bool) -> None:
        """From "Condition operators: Boolean", "...IfExists" and "to check existence of condition keys"."""
        caller = user("user", identity(allow("s3:*", condition={operator: {"aws:MultiFactorAuthPresent": value}})))
        place = at({"aws:multifactorauthpresent": held})
        assert may(caller, "s3:GetObject", bucket(), at=place) is expected

    @pytest.mark.parametrize(
        ("address", "via", "expected"),
        [("192.0.2.7/32", "false", True), ("198.51.100.9/32", "false", False), ("198.51.100.9/32", "true", True)],
    )
    def test_a_deny_outside_networks_that_spares_services(self, address: str, via: str, expected: bool) -> None:
        """From "AWS: Denies access to AWS based on the source IP"."""
        outside = {
            "NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]},
            "Bool": {"aws:ViaAWSService": "false"},
        }
        caller = user("user", identity(allow("s3:*"), deny("*", condition=outside)))
        place = at({"aws:sourceip": address, "aws:viaawsservice": via})
        assert may(caller, "s3:GetObject", bucket(), at=place) is expected

    @pytest.mark.parametrize(
        ("operator", "tag", "expected"),
        [
            ("ForAllValues", "environment", True),
            ("ForAllValues", "owner", False),
            ("ForAllValues", None, True),
            ("ForAnyValue", "webserver", True),
            ("ForAnyValue", "owner", False),
            ("ForAnyValue", None, False),
        ],
    )
    def test_several_values_of_a_key(self, operator: str, tag: str | None, expected: bool) -> None:
        """From "Multivalued context keys"."""
        condition = {f"{operator}:StringEquals": {"aws:TagKeys": ["environment", "webserver"]}}
        caller = user("user", identity(allow("s3:*", condition=condition)))
        assert may(caller, "s3:GetObject", bucket(), at=at({"aws:tagkeys": tag})) is expected

    @pytest.mark.parametrize(("team", "expected"), [("blue", True), ("red", False), (None, False)])
    def test_tags_of_who_asks_and_of_what_it_is_about(self, team: str | None, expected: bool) -> None:
        """From "Define permissions based on attributes with ABAC authorization"."""
        same = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
        tagged = holding({"aws:principaltag/team": team})
        caller = role("role", identity(allow("dynamodb:*", condition=same)), context=tagged)
        thing = table(context=holding({"aws:resourcetag/team": "blue"}))
        assert may(caller, "dynamodb:GetItem", thing) is expected

    @pytest.mark.parametrize(("organization", "expected"), [("o-own", True), ("o-else", False)])
    def test_an_organization_that_is_named(self, organization: str, expected: bool) -> None:
        """From "aws:PrincipalOrgID"."""
        inside = {"StringEquals": {"aws:PrincipalOrgID": organization}}
        thing = bucket(resource(allow("s3:GetObject", OBJECTS, principal=ANYONE, condition=inside)))
        assert may(role(), "s3:GetObject", thing, accounts=accounts()) is expected


class TestOrganizations:
    """Organizations user guide, "Service control policy examples" and "Resource control policy examples"."""

    REGIONS: ClassVar[Mapping[str, Any]] = {
        "Effect": "Deny",
        "NotAction": ["iam:*", "organizations:*"],
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}},
    }

    @pytest.mark.parametrize(("region", "expected"), [("eu-west-1", True), ("us-east-1", False)])
    def test_a_deny_outside_regions(self, region: str, expected: bool) -> None:
        """From "Deny access to AWS based on the requested AWS Region"."""
        caller = role("role", identity(EVERYTHING))
        place = at({"aws:requestedregion": region})
        thing = table(arns={"table": (f"arn:aws:dynamodb:{region}:{OWN}:table/t",)})
        assert may(caller, "dynamodb:GetItem", thing, at=place, accounts=accounts(scp=[self.REGIONS])) is expected

    def test_services_that_have_no_region_are_spared(self) -> None:
        caller = role("role", identity(EVERYTHING))
        place = at({"aws:requestedregion": "us-east-1"})
        assert may(caller, "iam:PassRole", role_thing("x"), at=place, accounts=accounts(scp=[self.REGIONS]))

    @pytest.mark.parametrize(("name", "expected"), [("admin", True), ("developer", False)])
    def test_a_deny_that_spares_one_role(self, name: str, expected: bool) -> None:
        """From "Prevent IAM users and roles from making specified changes, with an exception"."""
        spared = {"StringNotLike": {"aws:PrincipalARN": "arn:aws:iam::*:role/admin"}}
        guard = deny("iam:*", "arn:aws:iam::*:role/guarded", condition=spared)
        caller = role(name, identity(EVERYTHING))
        assert may(caller, "iam:PutRolePolicy", role_thing("guarded"), accounts=accounts(scp=[guard])) is expected

    IDENTITIES: ClassVar[Mapping[str, Any]] = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-own"},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    }

    @pytest.mark.parametrize(
        ("caller", "expected"),
        [
            (role(), True),
            (role(account=OTHER, is_unrestricted=True), False),
            (service("cloudtrail.amazonaws.com"), True),
        ],
    )
    def test_resources_for_the_organization_and_services(self, caller: Requester, expected: bool) -> None:
        """From "Restrict access to only HTTPS connections", "Enforce organization identities on resources"."""
        thing = bucket(resource(allow("s3:GetObject", OBJECTS, principal=ANYONE)))
        assert may(caller, "s3:GetObject", thing, accounts=accounts(rcp=[self.IDENTITIES])) is expected


class TestRoles:
    """IAM user guide, "IAM roles"."""

    @pytest.mark.parametrize(("held", "expected"), [("12345", True), ("54321", False), (None, False)])
    def test_an_external_id(self, held: str | None, expected: bool) -> None:
        """From "Access to AWS accounts owned by third parties"."""
        trust = allow(
            "sts:AssumeRole", principal=OTHER_ACCOUNT, condition={"StringEquals": {"sts:ExternalId": "12345"}}
        )
        caller = role("vendor", identity(allow("sts:AssumeRole")), account=OTHER)
        assert may(caller, "sts:AssumeRole", role_thing("r", trust), at=at({"sts:externalid": held})) is expected

    @pytest.mark.parametrize(("named", "needs_own"), [(OWN_ACCOUNT, True), ({"AWS": role().arn}, False)])
    def test_who_must_be_allowed_by_their_own_policies_too(self, named: object, needs_own: bool) -> None:
        """From "Grant a user permissions to switch roles": a trust policy that names the role suffices."""
        thing = role_thing("r", allow("sts:AssumeRole", principal=named))
        assert may(role(), "sts:AssumeRole", thing) is not needs_own
        assert may(
            role("role", identity(allow("sts:AssumeRole", f"arn:aws:iam::{OWN}:role/r"))), "sts:AssumeRole", thing
        )

    @pytest.mark.parametrize(("number", "expected"), [(OWN, True), (OTHER, False)])
    def test_a_service_that_acts_for_one_account(self, number: str, expected: bool) -> None:
        """From "The confused deputy problem"."""
        only_own = {"StringEquals": {"aws:SourceAccount": OWN}}
        thing = bucket(
            resource(allow("s3:PutObject", principal={"Service": "cloudtrail.amazonaws.com"}, condition=only_own))
        )
        trail = service("cloudtrail.amazonaws.com", context=holding({"aws:sourceaccount": number}))
        assert may(trail, "s3:PutObject", thing) is expected


class TestKeys:
    """KMS developer guide, "Key policies in AWS KMS" and "AWS KMS condition keys"."""

    DEFAULT = allow("kms:*", principal=OWN_ACCOUNT)

    def test_the_default_policy_leaves_all_to_identity_policies(self) -> None:
        """From "Default key policy"."""
        assert may(role("role", identity(allow("kms:Decrypt"))), "kms:Decrypt", key(self.DEFAULT))
        assert not may(role(), "kms:Decrypt", key(self.DEFAULT))

    def test_without_the_account_identity_policies_do_not_count(self) -> None:
        only = key(allow("kms:*", principal={"AWS": f"arn:aws:iam::{OWN}:user/admin"}))
        assert not may(role("role", identity(allow("kms:Decrypt"))), "kms:Decrypt", only)
        assert may(user("admin"), "kms:Decrypt", only)

    @pytest.mark.parametrize(("via", "expected"), [("s3.us-east-1.amazonaws.com", True), (None, False)])
    def test_a_key_for_use_through_one_service(self, via: str | None, expected: bool) -> None:
        """From "kms:ViaService"."""
        through = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com", "kms:CallerAccount": OWN}}
        thing = key(allow("kms:Decrypt", principal={"AWS": "*"}, condition=through))
        assert may(role(), "kms:Decrypt", thing, at=at({"kms:viaservice": via})) is expected
        assert not may(role(account=OTHER), "kms:Decrypt", thing, at=at({"kms:viaservice": via}))

    @pytest.mark.parametrize(("department", "expected"), [("it", True), ("hr", False), (None, False)])
    def test_a_grant_with_an_encryption_context(self, department: str | None, expected: bool) -> None:
        """From "Using grant constraints": EncryptionContextSubset."""
        constraint = {"StringEquals": {"kms:EncryptionContext:Department": "it"}}
        thing = key(self.DEFAULT, grants=[allow("kms:Decrypt", principal={"AWS": role().arn}, condition=constraint)])
        place = at({"kms:encryptioncontext:department": department})
        assert may(role(), "kms:Decrypt", thing, at=place) is expected


class TestBuckets:
    """S3 user guide, "Examples of Amazon S3 bucket policies" and "Controlling access from VPC endpoints"."""

    def test_a_bucket_for_one_endpoint(self) -> None:
        """From "Restricting access to a specific VPC endpoint"."""
        outside = {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}
        thing = bucket(resource(deny("s3:*", [B, OBJECTS], principal=ANYONE, condition=outside)))
        caller = role("role", identity(allow("s3:*")))
        assert may(caller, "s3:GetObject", thing, at=endpoint("s3", name="vpce-1a2b3c4d"))
        assert not may(caller, "s3:GetObject", thing, at=endpoint("s3", name="vpce-11111111"))
        assert not may(caller, "s3:GetObject", thing, at=at({"aws:sourcevpce": None}))

    @pytest.mark.parametrize(("secure", "expected"), [("true", True), ("false", False)])
    def test_a_bucket_for_tls_alone(self, secure: str, expected: bool) -> None:
        """From "Requiring HTTPS"."""
        plain = {"Bool": {"aws:SecureTransport": "false"}}
        thing = bucket(resource(deny("s3:*", [B, OBJECTS], principal=ANYONE, condition=plain)))
        caller = role("role", identity(allow("s3:*")))
        assert may(caller, "s3:GetObject", thing, at=at({"aws:securetransport": secure})) is expected

    @pytest.mark.parametrize(("distribution", "expected"), [("EDFDVBD6EXAMPLE", True), ("ANOTHER", False)])
    def test_a_distribution_of_cloudfront(self, distribution: str, expected: bool) -> None:
        """From "Restrict access to an Amazon S3 origin": origin access control."""
        arn = f"arn:aws:cloudfront::{OWN}:distribution/"
        only = {"StringEquals": {"AWS:SourceArn": f"{arn}EDFDVBD6EXAMPLE"}}
        named = {"Service": "cloudfront.amazonaws.com"}
        thing = bucket(resource(allow("s3:GetObject", OBJECTS, principal=named, condition=only)))
        edge = service("cloudfront.amazonaws.com", context=holding({"aws:sourcearn": f"{arn}{distribution}"}))
        assert may(edge, "s3:GetObject", thing) is expected

    @pytest.mark.parametrize(("held", "expected"), [("bucket-owner-full-control", True), (None, False)])
    def test_who_writes_for_the_owner(self, held: str | None, expected: bool) -> None:
        """From "Granting s3:PutObject permission", the bucket owner to get full control."""
        full = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}
        thing = bucket(resource(allow("s3:PutObject", OBJECTS, principal=OTHER_ACCOUNT, condition=full)))
        dave = user("Dave", identity(allow("s3:PutObject")), account=OTHER)
        assert may(dave, "s3:PutObject", thing, at=at({"s3:x-amz-acl": held})) is expected

    def test_an_endpoint_policy_for_one_bucket(self) -> None:
        """VPC user guide, "Gateway endpoints for Amazon S3": "Restrict access to a specific bucket"."""
        place = endpoint("s3", allow(["s3:GetObject", "s3:PutObject"], [B, OBJECTS], principal=ANYONE))
        caller = role("role", identity(allow("s3:*")))
        assert may(caller, "s3:GetObject", bucket(), at=place)
        assert not may(caller, "s3:DeleteObject", bucket(), at=place)
        assert not may(caller, "s3:GetObject", bucket(name="c"), at=place)


class TestTables:
    """DynamoDB developer guide, "Using IAM policy conditions for fine-grained access control"."""

    OWN_ROWS: ClassVar[Mapping[str, Any]] = {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${www.amazon.com:user_id}"]}
    }

    @pytest.mark.parametrize(("rows", "expected"), [("me", True), ("you", False), (None, True)])
    def test_each_user_their_rows(self, rows: str | None, expected: bool) -> None:
        """A request without keys, as Scan is, fits: the page's policy leaves the action out for that reason."""
        signed_in = holding({"www.amazon.com:user_id": "me"})
        caller = role("player", identity(allow("dynamodb:GetItem", condition=self.OWN_ROWS)), context=signed_in)
        assert may(caller, "dynamodb:GetItem", table(), at=at({"dynamodb:leadingkeys": rows})) is expected

    def test_an_index_is_a_resource_of_its_own(self) -> None:
        """From "Identity-based policy examples": the ARN of an index."""
        arn = f"arn:aws:dynamodb:us-east-1:{OWN}:table/t"
        index: Thing = replace(table(), arns={"index": (f"{arn}/index/*",)})
        assert may(role("role", identity(allow("dynamodb:Query", f"{arn}/index/*"))), "dynamodb:Query", index)
        assert not may(role("role", identity(allow("dynamodb:Query", arn))), "dynamodb:Query", index)
