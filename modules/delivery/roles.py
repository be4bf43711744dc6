"""The two roles with which GitHub Actions plans and applies an environment, without a secret stored anywhere.

GitHub signs a token for each job that asks for one; AWS believes it for the repository and the place that the trust of
a role names (GitHub documentation, "Configuring OpenID Connect in Amazon Web Services"). Planning is open to the
repository's branch main; applying to jobs in the GitHub environment of the same name, whose rules (who approves, which
branch) GitHub enforces before it signs.

Planning reads the state, in which the broker's password is, and a pull request runs its own code. So pull requests plan
the first environment of the promotion chain only; of the others they see what changes in the Terraform.
"""

from collections.abc import Mapping, Sequence

from cdktf import ITerraformDependable, TerraformOutput
from cdktf_cdktf_provider_aws.iam_openid_connect_provider import IamOpenidConnectProvider
from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

from envs.promotion_chain import PROMOTION_CHAIN
from envs.settings import Settings
from envs.settings.delivery import Delivery
from modules.common.exclusive_policies import allow_no_other_policies
from modules.common.keys import Key
from modules.common.names import ARTIFACTS, Names
from modules.common.policy import Statement, document
from modules.delivery.grants import grant
from modules.delivery.identity import identity_statements
from modules.delivery.network import edge_statements, network_statements
from modules.delivery.preconditions import preconditions_statement
from modules.delivery.reads import metadata_statement, progress_statement
from modules.delivery.writes import connector_statements, consumer_statements, data_statements, platform_statements
from modules.state.bootstrap import Bootstrap

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
PLAN_SESSION_SECONDS = 3600
APPLY_SESSION_SECONDS = 4 * 3600
"""A cluster takes MSK half an hour, its update several hours; the session must outlive the apply."""


class DeliveryRoles(Construct):
    """GitHub's identity provider, if this environment owns it, and the roles `<prefix>-plan` and `<prefix>-apply`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        settings: Settings,
        delivery: Delivery,
        bootstrap: Bootstrap,
        public_zone_arn: str,
        public_zone_key_arns: Sequence[str],
    ) -> None:
        super().__init__(scope, id)
        self._names = names
        self._settings = settings
        self._bootstrap = bootstrap
        self._connector = settings.streaming.metrics_export.connector
        self._has_alarms = any(each.to in ("sqs", "sns") for each in settings.streaming.consumers.values())
        provider = self._identity_provider() if delivery.owns_identity_provider else None
        repository = f"repo:{delivery.repository}"
        metadata = self._policy("metadata", "How resources are set, but not what is in them", self._metadata())
        is_first = names.environment == PROMOTION_CHAIN[0]
        self._role(
            "plan",
            description=f"Plans {names.prefix} for {'pull requests and ' if is_first else ''}main of "
            f"{delivery.repository}; changes nothing",
            subjects=[*([f"{repository}:pull_request"] if is_first else []), f"{repository}:ref:refs/heads/main"],
            after=[provider] if provider else [],
            session_seconds=PLAN_SESSION_SECONDS,
            statements=self._state_statements(f"{settings.state_key}.tflock"),
            policies={"metadata": metadata},
        )
        state_bucket = names.named_bucket_arn(settings.state_bucket)
        own_buckets = [state_bucket, names.bucket_arn(ARTIFACTS), names.bucket_arn("bootstrap-access-logs")]
        self._role(
            "apply",
            description=f"Applies {names.prefix} from the environment {names.environment} of {delivery.repository}",
            subjects=[f"{repository}:environment:{names.environment}"],
            after=[provider] if provider else [],
            session_seconds=APPLY_SESSION_SECONDS,
            statements=self._state_statements(settings.state_key, f"{settings.state_key}.tflock"),
            policies={
                "metadata": metadata,
                "network": self._policy("network", "The VPC and launch templates", network_statements(names)),
                "edge": self._policy("edge", "Load balancers, web ACL, DNS, certificates", edge_statements(names)),
                "data": self._policy("data", "What holds data, but not the data", data_statements(names)),
                "platform": self._policy(
                    "platform",
                    "Keys, logs, scaling, sign-in",
                    [
                        *platform_statements(names),
                        progress_statement(names.region, has_connector=self._connector is not None),
                        *(consumer_statements(names) if self._has_alarms else ()),
                    ],
                ),
                "identity": self._policy(
                    "identity",
                    "The roles of this environment; never the bootstrap stack",
                    identity_statements(
                        names,
                        has_connector=self._connector is not None,
                        protected_buckets=own_buckets,
                        protected_keys=[
                            bootstrap.state_key.arn,
                            bootstrap.artifacts_key.arn,
                            bootstrap.secrets_key.arn,
                            *public_zone_key_arns,
                        ],
                        protected_zone=public_zone_arn,
                    ),
                ),
                **self._connector_policy(),
            },
        )

    def _identity_provider(self) -> IamOpenidConnectProvider:
        """Return GitHub's provider. AWS verifies GitHub's certificate itself, so no thumbprint is pinned."""
        return IamOpenidConnectProvider(
            self,
            "identity-provider",
            url=f"https://{ISSUER}",
            client_id_list=[AUDIENCE],
            tags=self._names.tags("github-actions"),
        )

    def _metadata(self) -> list[Statement]:
        return [
            metadata_statement(
                self._names.region, has_connector=self._connector is not None, has_consumers=self._has_alarms
            ),
            self._image_statement(),
        ]

    def _connector_policy(self) -> dict[str, IamPolicy]:
        """Return the policy for the connector of MSK Connect, where there is one."""
        if self._connector is None:
            return {}
        statements = connector_statements(self._names, self._connector)
        return {"connector": self._policy("connector", "The connector of MSK Connect", statements)}

    def _image_statement(self) -> Statement:
        """Return the reading of the parameter that names the servers' image: AWS's own ones and the project's."""
        region = self._names.region
        return grant(
            "ReadImageParameter",
            "ssm",
            "GetParameter",
            f"arn:{self._names.partition}:ssm:{region}::parameter/aws/service/*",
            self._names.arn("ssm", f"parameter/{self._names.project}/*"),
        )

    def _state_statements(self, *written: str) -> list[Statement]:
        """Return the reading of the state, the writing of the objects `written`, and the secrets that a plan reads.

        The lock is an object beside the state, which planning makes and deletes (Terraform documentation, backend s3,
        `use_lockfile`).
        """
        names, settings = self._names, self._settings
        bucket = names.named_bucket_arn(settings.state_bucket)
        lock = f"{settings.state_key}.tflock"
        read_secrets = [
            settings.broker.credentials_secret_name,
            *(push.credential_secret_name for push in settings.notifications.mobile_push),
        ]
        return [
            grant("ReadState", "s3", "GetObject", f"{bucket}/{settings.state_key}", f"{bucket}/{lock}"),
            grant("WriteState", "s3", "PutObject", *(f"{bucket}/{key}" for key in written)),
            grant("ReleaseLock", "s3", "DeleteObject", f"{bucket}/{lock}"),
            self._key_use("UseStateKey", "Decrypt GenerateDataKey", self._bootstrap.state_key, through="s3"),
            grant("ReadSecrets", "secretsmanager", "GetSecretValue", *map(names.secret_arn, read_secrets)),
            self._key_use("UseSecretsKey", "Decrypt", self._bootstrap.secrets_key, through="secretsmanager"),
            preconditions_statement(names.region),
        ]

    def _key_use(self, sid: str, actions: str, key: Key, *, through: str) -> Statement:
        service = self._names.service_host(through)
        return grant(sid, "kms", actions, key.arn, conditions={"StringEquals": {"kms:ViaService": service}})

    def _policy(self, purpose: str, description: str, statements: Sequence[Statement]) -> IamPolicy:
        """Return the managed policy `<prefix>-delivery-<purpose>`: inline ones are too small for all of it together."""
        return IamPolicy(
            self,
            f"{purpose}-policy",
            name=self._names.name("delivery", purpose),
            description=description,
            policy=document(statements),
            tags=self._names.tags("delivery", purpose),
        )

    def _role(
        self,
        purpose: str,
        *,
        description: str,
        subjects: Sequence[str],
        after: Sequence[ITerraformDependable],
        session_seconds: int,
        statements: Sequence[Statement],
        policies: Mapping[str, IamPolicy],
    ) -> None:
        names = self._names
        assumed = Statement(
            sid="AssumedByGitHubActions",
            principals={"Federated": [names.iam_arn(f"oidc-provider/{ISSUER}")]},
            actions=["sts:AssumeRoleWithWebIdentity"],
            resources=[],
            conditions={"StringEquals": {f"{ISSUER}:aud": AUDIENCE, f"{ISSUER}:sub": subjects}},
        )
        role = IamRole(
            self,
            f"{purpose}-role",
            name=names.name(purpose),
            description=description,
            assume_role_policy=document([assumed]),
            max_session_duration=session_seconds,
            tags=names.tags(purpose),
            depends_on=after,
        )
        inline = IamRolePolicy(self, f"{purpose}-state", name="state", role=role.name, policy=document(statements))
        attached = [
            IamRolePolicyAttachment(self, f"{purpose}-{policy_id}", role=role.name, policy_arn=policy.arn)
            for policy_id, policy in policies.items()
        ]
        allow_no_other_policies(self, role=role, inline=inline, attached=attached, prefix=f"{purpose}-")
        TerraformOutput(self, f"{purpose}-role-arn", value=role.arn, description=f"Role: {description}")
