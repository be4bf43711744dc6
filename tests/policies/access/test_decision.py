"""AWS's evaluation logic, page by page, as cases."""

from __future__ import annotations

from typing import Any

import pytest

from policies.access.model import (
    Account,
    BlockPublicAccess,
    Caller,
    KeyValues,
    Policy,
    PolicyKind,
    PrincipalKind,
    Requester,
    Thing,
)
from policies.access.text import undetermined
from tests.support.access import (
    ANONYMOUS,
    ANYWHERE,
    OTHER,
    OWN,
    STRANGER,
    World,
    allow,
    bucket,
    deny,
    endpoint,
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

OBJECTS = "arn:aws:s3:::b/*"
POINT_ARN = f"arn:aws:s3:us-east-1:{OWN}:accesspoint/p"
ROLE = {"AWS": f"arn:aws:iam::{OWN}:role/role"}
SESSION = {"AWS": f"arn:aws:sts::{OWN}:assumed-role/role/session"}
USER = {"AWS": f"arn:aws:iam::{OWN}:user/user"}
ACCOUNT = {"AWS": f"arn:aws:iam::{OWN}:root"}
ANYONE = "*"
NOTHING = policy(PolicyKind.BOUNDARY, allow("ec2:*"))
NO_SESSION = policy(PolicyKind.SESSION, allow("ec2:*"))
READS = identity(allow("s3:GetObject", OBJECTS))


class TestWithinAnAccount:
    """IAM user guide, "Policy evaluation logic"."""

    def test_nothing_allows_by_default(self) -> None:
        assert not may(role(), "s3:GetObject", bucket())

    def test_an_identity_policy_suffices(self) -> None:
        assert may(role("role", READS), "s3:GetObject", bucket())
        assert not may(role("role", READS), "s3:PutObject", bucket())
        assert not may(role("role", READS), "s3:GetObject", bucket(name="c"))

    def test_a_resource_policy_suffices(self) -> None:
        assert may(role(), "s3:GetObject", bucket(resource(allow("s3:GetObject", OBJECTS, principal=ROLE))))

    @pytest.mark.parametrize("principal", [ROLE, ACCOUNT, ANYONE])
    def test_a_deny_anywhere_wins(self, principal: object) -> None:
        refusing = bucket(resource(deny("s3:*", OBJECTS, principal=principal)))
        assert not may(role("role", READS), "s3:GetObject", refusing)
        assert not may(role("role", READS, identity(deny("s3:Get*"))), "s3:GetObject", bucket())

    def test_a_grant_to_the_own_account_leaves_it_to_identity_policies(self) -> None:
        thing = bucket(resource(allow("s3:*", OBJECTS, principal=ACCOUNT)))
        assert not may(role(), "s3:GetObject", thing)
        assert may(role("role", READS), "s3:GetObject", thing)

    def test_a_principal_that_may_be_anybody_may_be_the_role_itself(self) -> None:
        anybody = resource(allow("s3:GetObject", OBJECTS, principal={"AWS": undetermined("var.who")}))
        assert may(role(), "s3:GetObject", bucket(anybody))

    def test_the_root_user_needs_no_policy(self) -> None:
        root = Requester("root", "root user", PrincipalKind.ROOT, f"arn:aws:iam::{OWN}:root", OWN)
        assert may(root, "s3:GetObject", bucket())
        assert not may(root, "s3:GetObject", bucket(resource(deny("s3:*", OBJECTS, principal=ANYONE))))

    @pytest.mark.parametrize(
        ("principal", "requester", "expected"),
        [
            (ROLE, role("role", boundaries=(NOTHING,)), False),
            (SESSION, role("role", boundaries=(NOTHING,)), True),
            (USER, user("user", boundaries=(NOTHING,)), True),
            (ANYONE, role("role", boundaries=(NOTHING,)), True),
            (ROLE, role("role", sessions=(NO_SESSION,)), False),
            (SESSION, role("role", sessions=(NO_SESSION,)), True),
            (ACCOUNT, user("user", READS, boundaries=(NOTHING,)), False),
        ],
    )
    def test_a_boundary_limits_grants_to_the_role_and_no_direct_ones(
        self, principal: object, requester: Requester, expected: bool
    ) -> None:
        thing = bucket(resource(allow("s3:GetObject", OBJECTS, principal=principal)))
        assert may(requester, "s3:GetObject", thing) is expected

    def test_a_boundary_limits_identity_policies_and_grants_nothing(self) -> None:
        both = policy(PolicyKind.BOUNDARY, allow("s3:GetObject"))
        assert may(role("role", READS, boundaries=(both,)), "s3:GetObject", bucket())
        assert not may(role("role", READS, boundaries=(NOTHING,)), "s3:GetObject", bucket())
        assert not may(role("role", boundaries=(both,)), "s3:GetObject", bucket())

    def test_one_of_two_boundaries_that_may_be_it_is_enough(self) -> None:
        both = policy(PolicyKind.BOUNDARY, allow("s3:GetObject"))
        assert may(role("role", READS, boundaries=(NOTHING, both)), "s3:GetObject", bucket())

    def test_each_session_policy_limits(self) -> None:
        fits = policy(PolicyKind.SESSION, allow("s3:*"))
        assert may(role("role", READS, sessions=(fits,)), "s3:GetObject", bucket())
        assert not may(role("role", READS, sessions=(fits, NO_SESSION)), "s3:GetObject", bucket())


class TestOrganizations:
    """Organizations user guide, "SCP evaluation" and "Resource control policies"."""

    @staticmethod
    def account(key: str = OWN, **more: object) -> Account:
        return Account(key, key, key, **more)  # type: ignore[arg-type]

    def test_each_level_of_scps_must_allow(self) -> None:
        full = policy(PolicyKind.SCP, allow("*"))
        some = policy(PolicyKind.SCP, allow("ec2:*"))
        requester = role("role", READS)
        for levels, expected in [(((full,), (full,)), True), (((full,), (some,)), False), (((full, some),), True)]:
            accounts = [self.account(scps=levels)]
            assert may(requester, "s3:GetObject", bucket(), accounts=accounts) is expected

    def test_an_scp_restricts_root_but_no_service_or_management_account(self) -> None:
        scps = ((policy(PolicyKind.SCP, allow("*"), deny("s3:*")),),)
        root = Requester("root", "root user", PrincipalKind.ROOT, f"arn:aws:iam::{OWN}:root", OWN)
        assert not may(root, "s3:GetObject", bucket(), accounts=[self.account(scps=scps)])
        assert may(root, "s3:GetObject", bucket(), accounts=[self.account(scps=scps, is_management=True)])
        named = bucket(resource(allow("s3:*", OBJECTS, principal={"Service": "logs.amazonaws.com"})))
        assert may(service("logs.amazonaws.com"), "s3:PutObject", named, accounts=[self.account(scps=scps)])

    def test_an_scp_of_the_resources_account_restricts_nobody_else(self) -> None:
        scps = ((policy(PolicyKind.SCP, allow("*"), deny("s3:*")),),)
        shared = bucket(resource(allow("s3:*", OBJECTS, principal={"AWS": OTHER})))
        assert may(STRANGER, "s3:GetObject", shared, accounts=[self.account(scps=scps), self.account(OTHER)])

    def test_an_rcp_restricts_everyone_where_the_service_has_them(self) -> None:
        confined = deny("*", principal="*", condition={"StringNotEquals": {"aws:PrincipalAccount": OWN}})
        rcps = ((policy(PolicyKind.RCP, allow("*", principal="*"), confined),),)
        shared = bucket(resource(allow("s3:*", OBJECTS, principal=ANYONE)))
        accounts = [self.account(rcps=rcps), self.account(OTHER)]
        assert not may(STRANGER, "s3:GetObject", shared, accounts=accounts)
        assert may(role(), "s3:GetObject", shared, accounts=accounts)
        queue = table(resource(allow("dynamodb:*", principal=ANYONE)))
        assert may(STRANGER, "dynamodb:GetItem", queue, accounts=accounts)

    def test_a_service_linked_role_is_outside_of_both(self) -> None:
        scps = ((policy(PolicyKind.SCP, deny("*")),),)
        linked = Requester(
            "linked",
            "linked",
            PrincipalKind.SERVICE_LINKED_ROLE,
            f"arn:aws:iam::{OWN}:role/linked",
            OWN,
            identity=(READS,),
        )
        assert may(linked, "s3:GetObject", bucket(), accounts=[self.account(scps=scps)])


class TestAcrossAccounts:
    """IAM user guide, "Cross-account policy evaluation logic"."""

    def test_both_sides_must_allow(self) -> None:
        shared = bucket(resource(allow("s3:GetObject", OBJECTS, principal={"AWS": OTHER})))
        assert may(role("far", READS, account=OTHER), "s3:GetObject", shared)
        assert not may(role("far", account=OTHER), "s3:GetObject", shared)
        assert not may(role("far", READS, account=OTHER), "s3:GetObject", bucket())

    def test_a_boundary_limits_even_direct_grants(self) -> None:
        far = user("far", READS, account=OTHER, boundaries=(NOTHING,))
        shared = bucket(resource(allow("s3:*", OBJECTS, principal={"AWS": f"arn:aws:iam::{OTHER}:user/far"})))
        assert not may(far, "s3:GetObject", shared)

    def test_somebody_elsewhere_has_every_permission_there(self) -> None:
        assert may(STRANGER, "s3:GetObject", bucket(resource(allow("s3:*", OBJECTS, principal={"AWS": OTHER}))))
        assert not may(
            STRANGER, "s3:GetObject", bucket(resource(allow("s3:*", OBJECTS, principal={"AWS": "333333333333"})))
        )

    def test_who_has_no_credentials_takes_no_role_and_uses_no_key(self) -> None:
        assert not may(ANONYMOUS, "sts:AssumeRole", role_thing("r", allow("sts:AssumeRole", principal=ANYONE)))
        assert may(STRANGER, "sts:AssumeRole", role_thing("r", allow("sts:AssumeRole", principal=ANYONE)))
        assert not may(ANONYMOUS, "kms:Decrypt", key(allow("kms:*", principal=ANYONE)))

    def test_anonymous_needs_everyone(self) -> None:
        assert may(ANONYMOUS, "s3:GetObject", bucket(resource(allow("s3:GetObject", OBJECTS, principal=ANYONE))))
        assert may(ANONYMOUS, "s3:GetObject", bucket(resource(allow("s3:GetObject", OBJECTS, principal={"AWS": "*"}))))
        assert not may(ANONYMOUS, "s3:GetObject", bucket(resource(allow("s3:*", OBJECTS, principal={"AWS": OTHER}))))


class TestElements:
    """IAM user guide, "IAM JSON policy elements": the Not forms."""

    def test_not_action_allows_all_others(self) -> None:
        requester = role("role", identity({"Effect": "Allow", "NotAction": "s3:Put*", "Resource": "*"}))
        assert may(requester, "s3:GetObject", bucket())
        assert not may(requester, "s3:PutObject", bucket())

    def test_not_resource_denies_all_others(self) -> None:
        requester = role("role", identity(allow("s3:*"), {"Effect": "Deny", "Action": "s3:*", "NotResource": OBJECTS}))
        assert may(requester, "s3:GetObject", bucket())
        assert not may(requester, "s3:GetObject", bucket(name="c"))

    def test_actions_ignore_case_and_resources_do_not(self) -> None:
        assert may(role("role", identity(allow("S3:getOBJECT", OBJECTS))), "s3:GetObject", bucket())
        assert not may(role("role", identity(allow("s3:GetObject", "arn:aws:s3:::B/*"))), "s3:GetObject", bucket())

    def test_an_allow_with_not_principal_is_for_all_others(self) -> None:
        thing = bucket(resource(allow("s3:*", OBJECTS, not_principal=ROLE)))
        assert not may(role(), "s3:GetObject", thing)
        assert may(role("other"), "s3:GetObject", thing)
        assert may(ANONYMOUS, "s3:GetObject", thing)

    def test_a_deny_with_not_principal_is_about_all_others(self) -> None:
        spared = {"AWS": [f"arn:aws:iam::{OWN}:role/role", f"arn:aws:iam::{OWN}:root"]}
        thing = bucket(resource(deny("s3:*", OBJECTS, not_principal=spared)))
        assert may(role("role", READS), "s3:GetObject", thing)
        assert not may(role("far", READS, account=OTHER), "s3:GetObject", thing)

    def test_a_statement_without_resource_is_about_what_it_is_attached_to(self) -> None:
        thing = role_thing("target", allow("sts:AssumeRole", principal=ROLE))
        assert may(role(), "sts:AssumeRole", thing)


class TestTrustPolicies:
    """IAM user guide, "IAM role trust policies": they must allow; a role or user that they name needs nothing else."""

    def test_an_identity_policy_alone_is_not_enough(self) -> None:
        may_assume = role("role", identity(allow("sts:AssumeRole")))
        assert not may(may_assume, "sts:AssumeRole", role_thing("target"))

    def test_trust_in_the_account_leaves_it_to_identity_policies(self) -> None:
        thing = role_thing("target", allow("sts:AssumeRole", principal=ACCOUNT))
        assert may(role("role", identity(allow("sts:AssumeRole"))), "sts:AssumeRole", thing)
        assert not may(role(), "sts:AssumeRole", thing)

    def test_a_trust_policy_is_about_nothing_but_assuming(self) -> None:
        thing = role_thing("target", allow("*", principal=ANYONE))
        assert not may(role(), "iam:DeleteRole", thing)
        assert may(role("role", identity(allow("iam:*"))), "iam:DeleteRole", thing)

    def test_an_external_id_must_fit(self) -> None:
        condition = {"StringEquals": {"sts:ExternalId": "secret"}}
        thing = role_thing("target", allow("sts:AssumeRole", principal={"AWS": OTHER}, condition=condition))
        assert may(STRANGER, "sts:AssumeRole", thing)

    def test_a_federated_user_can_assume_and_nothing_else(self) -> None:
        provider = f"arn:aws:iam::{OWN}:oidc-provider/issuer"
        federated = Requester("ci", "ci", PrincipalKind.FEDERATED, service=provider)
        thing = role_thing("target", allow("sts:AssumeRoleWithWebIdentity", principal={"Federated": provider}))
        assert may(federated, "sts:AssumeRoleWithWebIdentity", thing)
        assert not may(federated, "s3:GetObject", bucket(resource(allow("s3:*", OBJECTS, principal=ANYONE))))

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [("oidc", "sts:AssumeRoleWithWebIdentity"), ("saml", "sts:AssumeRoleWithSAML")],
    )
    def test_users_of_a_provider_assume_as_its_kind_does(self, kind: str, expected: str) -> None:
        provider = f"arn:aws:iam::{OWN}:{kind}-provider/issuer"
        caller = Caller(Requester("ci", "ci", PrincipalKind.FEDERATED, service=provider), (ANYWHERE,))
        thing = role_thing("target", allow("sts:AssumeRole*", principal={"Federated": provider}))
        actions = ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
        answer = World((thing,)).decisions(caller, actions=actions).answer(caller, thing, actions)
        assert answer.allowed == answer.guaranteed == (expected,)


class TestKeys:
    """KMS developer guide, "Determining access to KMS keys"."""

    ROOT = allow("kms:*", principal=ACCOUNT)

    def test_identity_policies_count_only_where_the_key_lets_the_account_in(self) -> None:
        requester = role("role", identity(allow("kms:Decrypt")))
        assert may(requester, "kms:Decrypt", key(self.ROOT))
        assert not may(requester, "kms:Decrypt", key())
        assert not may(role(), "kms:Decrypt", key(self.ROOT))

    def test_whom_the_key_policy_names_needs_nothing_else(self) -> None:
        assert may(role(), "kms:Decrypt", key(allow("kms:Decrypt", principal=ROLE)))

    def test_not_even_the_root_user_gets_in_unless_named(self) -> None:
        root = Requester("root", "root user", PrincipalKind.ROOT, f"arn:aws:iam::{OWN}:root", OWN)
        assert may(root, "kms:Decrypt", key(self.ROOT))
        assert not may(root, "kms:Decrypt", key())

    def test_a_grant_suffices_and_a_deny_wins(self) -> None:
        grant = allow("kms:Decrypt", principal=ROLE)
        assert may(role(), "kms:Decrypt", key(grants=[grant]))
        assert not may(role("other"), "kms:Decrypt", key(grants=[grant]))
        assert not may(role(), "kms:Decrypt", key(deny("kms:*", principal=ANYONE), grants=[grant]))

    def test_encrypted_data_needs_the_key_through_its_service(self) -> None:
        via = {"StringEquals": {"kms:ViaService": "dynamodb.us-east-1.amazonaws.com"}}
        own = key(allow("kms:Decrypt", principal=ROLE, condition=via))
        reads = role("role", identity(allow("dynamodb:GetItem")))
        encrypted = table(encryption_keys=("k",))
        assert may(reads, "dynamodb:GetItem", encrypted, own)
        assert not may(reads, "dynamodb:GetItem", encrypted, key())
        assert may(reads, "dynamodb:GetItem", table(), key())

    def test_a_key_for_another_service_does_not_help(self) -> None:
        via = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
        own = key(allow("kms:Decrypt", principal=ROLE, condition=via))
        reads = role("role", identity(allow("dynamodb:*")))
        assert not may(reads, "dynamodb:GetItem", table(encryption_keys=("k",)), own)
        assert may(reads, "dynamodb:DescribeTable", table(encryption_keys=("k",)), own)


class TestBuckets:
    """S3 user guide, "Blocking public access" and "Access points"."""

    PUBLIC = resource(allow("s3:GetObject", OBJECTS, principal=ANYONE))

    def test_restrict_public_buckets_keeps_strangers_out_of_public_policies(self) -> None:
        block = BlockPublicAccess(restricts_policies=True)
        assert not may(ANONYMOUS, "s3:GetObject", bucket(self.PUBLIC, public_access=block))
        assert not may(STRANGER, "s3:GetObject", bucket(self.PUBLIC, public_access=block))
        assert may(role(), "s3:GetObject", bucket(self.PUBLIC, public_access=block))
        assert may(ANONYMOUS, "s3:GetObject", bucket(self.PUBLIC, public_access=BlockPublicAccess()))

    def test_a_policy_that_is_not_public_is_not_restricted(self) -> None:
        shared = resource(allow("s3:GetObject", OBJECTS, principal={"AWS": OTHER}))
        block = BlockPublicAccess(restricts_policies=True)
        assert may(STRANGER, "s3:GetObject", bucket(shared, public_access=block))

    def test_ignored_acls_let_nobody_in(self) -> None:
        acl = policy(PolicyKind.ACL, allow("s3:GetObject", OBJECTS, principal=ANYONE))
        assert may(ANONYMOUS, "s3:GetObject", bucket(acl))
        assert not may(ANONYMOUS, "s3:GetObject", bucket(acl, public_access=BlockPublicAccess(ignores_acls=True)))

    def test_an_access_point_needs_the_bucket_too(self) -> None:
        delegates = self.delegating("s3:DataAccessPointArn", POINT_ARN)
        assert may(STRANGER, "s3:GetObject", self.point(), delegates)
        assert not may(STRANGER, "s3:GetObject", self.point(), bucket())
        assert not may(STRANGER, "s3:PutObject", self.point(), delegates)

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("s3:DataAccessPointArn", POINT_ARN),
            ("s3:DataAccessPointArn", f"arn:aws:s3:*:{OWN}:accesspoint/*"),
            ("s3:DataAccessPointAccount", OWN),
        ],
    )
    def test_a_bucket_that_leaves_all_to_access_points_is_closed_itself(self, key: str, value: str) -> None:
        delegates = self.delegating(key, value)
        assert may(STRANGER, "s3:GetObject", self.point(), delegates)
        for caller in (STRANGER, ANONYMOUS, role()):
            assert not may(caller, "s3:GetObject", delegates)
        assert may(role("role", READS), "s3:GetObject", delegates)

    def test_a_bucket_is_reached_through_its_access_points_too(self) -> None:
        delegates = self.delegating("s3:DataAccessPointArn", POINT_ARN)
        assert may(STRANGER, "s3:GetObject", delegates, self.point())
        assert not may(STRANGER, "s3:GetObject", bucket(), self.point())
        assert not may(STRANGER, "s3:PutObject", delegates, self.point())
        assert not may(ANONYMOUS, "s3:GetObject", delegates, self.point())

    def test_access_points_of_other_accounts_are_known_to_nobody(self) -> None:
        assert may(STRANGER, "s3:GetObject", self.delegating("s3:DataAccessPointAccount", OTHER))
        assert may(STRANGER, "s3:GetObject", self.delegating("s3:DataAccessPointArn", f"arn:aws:s3:*:{OTHER}:*"))
        direct = {"Null": {"s3:DataAccessPointArn": "true"}}
        assert may(STRANGER, "s3:GetObject", bucket(resource(allow("s3:*", principal=ANYONE, condition=direct))))

    def test_an_access_point_knows_itself(self) -> None:
        by_itself = {"StringEquals": {"s3:DataAccessPointAccount": OWN}}
        grants = resource(allow("s3:*", f"{POINT_ARN}/object/*", principal={"AWS": OTHER}, condition=by_itself))
        open_bucket = bucket(resource(allow("s3:*", principal=ANYONE)))
        assert may(STRANGER, "s3:GetObject", self.point(grants), open_bucket)
        elsewhere = {"StringEquals": {"s3:DataAccessPointAccount": OTHER}}
        grants = resource(allow("s3:*", f"{POINT_ARN}/object/*", principal={"AWS": OTHER}, condition=elsewhere))
        assert not may(STRANGER, "s3:GetObject", self.point(grants), open_bucket)

    @staticmethod
    def delegating(key: str, value: str) -> Thing:
        """A bucket that lets in what comes by access points."""
        through = {"ArnLike" if value.startswith("arn:") else "StringEquals": {key: value}}
        return bucket(resource(allow("s3:*", OBJECTS, principal=ANYONE, condition=through)))

    @staticmethod
    def point(*policies: Policy) -> Thing:
        """An access point of the bucket, which lets another account read unless it is given policies."""
        reads = resource(allow("s3:GetObject", f"{POINT_ARN}/object/*", principal={"AWS": OTHER}))
        arns = {"accesspoint": (POINT_ARN,), "object": (f"{POINT_ARN}/object/*",)}
        return Thing("p", "p", "aws_s3_access_point", "s3", arns, OWN, policies=policies or (reads,), behind="b")

    @pytest.mark.parametrize(
        ("key", "value", "is_public"),
        [
            ("IpAddress", {"aws:SourceIp": "0.0.0.0/1"}, True),
            ("IpAddress", {"aws:SourceIp": ["192.0.2.0/24", "64.0.0.0/7"]}, True),
            ("IpAddress", {"aws:SourceIp": "11.0.0.0/8"}, False),
            ("IpAddress", {"aws:SourceIp": "2000::/31"}, True),
            ("IpAddress", {"aws:SourceIp": "2001:db8::/32"}, False),
            ("IpAddress", {"aws:SourceIp": "no network"}, False),
            ("StringLike", {"aws:SourceVpc": "*"}, True),
            ("StringEquals", {"aws:SourceVpc": "vpc-91237329"}, False),
            ("StringLike", {"aws:UserAgent": "curl"}, True),
        ],
    )
    def test_what_aws_takes_for_public(self, key: str, value: object, is_public: bool) -> None:
        thing = bucket(
            resource(allow("s3:GetObject", OBJECTS, principal=ANYONE, condition={key: value})),
            public_access=BlockPublicAccess(restricts_policies=True),
        )
        assert may(STRANGER, "s3:GetObject", thing) is not is_public


class TestEndpoints:
    """VPC user guide, "Control access to VPC endpoints using endpoint policies"."""

    def test_the_endpoint_must_allow_too(self) -> None:
        requester = role("role", READS)
        assert may(requester, "s3:GetObject", bucket(), at=endpoint("s3"))
        assert may(requester, "s3:GetObject", bucket(), at=endpoint("s3", allow("s3:*", principal="*")))
        assert not may(requester, "s3:GetObject", bucket(), at=endpoint("s3", allow("s3:Put*", principal="*")))
        assert not may(role(), "s3:GetObject", bucket(), at=endpoint("s3", allow("s3:*", principal="*")))

    def test_an_endpoint_carries_calls_to_its_service_only(self) -> None:
        assert not may(role("role", READS), "s3:GetObject", bucket(), at=endpoint("dynamodb"))

    def test_conditions_see_the_endpoint(self) -> None:
        outside = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}
        thing = bucket(resource(deny("s3:*", OBJECTS, principal=ANYONE, condition=outside)))
        assert may(role("role", READS), "s3:GetObject", thing, at=endpoint("s3"))
        assert not may(role("role", READS), "s3:GetObject", thing, at=endpoint("s3", name="vpce-2"))


class TestServices:
    """IAM user guide, "The confused deputy problem"."""

    @pytest.mark.parametrize(
        ("name", "trusted", "asked", "expected"),
        [
            ("ecs-tasks", True, {"StringEquals": {"aws:SourceAccount": OWN}}, (True, True)),
            ("ec2", True, {}, (True, True)),
            ("ec2", True, {"StringEquals": {"aws:SourceAccount": OWN}}, (True, False)),
            ("ec2", True, {"StringNotEquals": {"aws:SourceAccount": OTHER}}, (True, False)),
            ("ec2", True, {"StringEqualsIfExists": {"aws:SourceAccount": OWN}}, (True, False)),
            ("ec2", True, {"StringEquals": {"aws:SourceAccount": OTHER}}, (False, False)),
            ("ec2", True, {"Null": {"aws:SourceAccount": "true"}}, (True, False)),
            ("ecs-tasks", True, {"Null": {"aws:SourceAccount": "true"}}, (False, False)),
            ("s3", False, {"StringEquals": {"aws:SourceAccount": OWN}}, (True, True)),
            ("s3", True, {"StringEquals": {"aws:SourceAccount": OWN}}, (True, False)),
            ("cloudfront", False, {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudfront::{OWN}:*"}}, (True, True)),
            ("cloudfront", False, {"StringEquals": {"aws:SourceAccount": OWN}}, (True, False)),
            ("logs.eu-west-1", False, {"StringEquals": {"aws:SourceAccount": OWN}}, (True, True)),
        ],
    )
    def test_what_services_say_of_whom_they_act_for(
        self, name: str, trusted: bool, asked: dict[str, Any], expected: tuple[bool, bool]
    ) -> None:
        named = {"Service": f"{name}.amazonaws.com"}
        action = "sts:AssumeRole" if trusted else "s3:PutObject"
        statement = allow(action, "*", principal=named, condition=asked)
        thing = role_thing("r", statement) if trusted else bucket(resource(statement))
        context = {
            "aws:sourceaccount": KeyValues((OWN,), may_be_absent=True),
            "aws:sourcearn": KeyValues((f"arn:*:*:*:{OWN}:*",), may_be_absent=True),
        }
        caller = Caller(service(f"{name}.amazonaws.com", context=context), (ANYWHERE,))
        answer = World((thing,)).decisions(caller, actions=[action]).answer(caller, thing, [action])
        assert (bool(answer), bool(answer.guaranteed)) == expected

    def test_a_service_acts_for_whoever_the_condition_names(self) -> None:
        condition = {"StringEquals": {"aws:SourceAccount": OWN}}
        named = {"Service": "sns.amazonaws.com"}
        thing = bucket(resource(allow("s3:PutObject", OBJECTS, principal=named, condition=condition)))
        assert may(service("sns.amazonaws.com"), "s3:PutObject", thing)
        assert not may(service("logs.amazonaws.com"), "s3:PutObject", thing)
        assert not may(STRANGER, "s3:PutObject", thing)
