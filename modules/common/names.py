"""Names, ARNs and tags of every resource of one environment: pure, no lookups.

Every name is `<project>-<environment>-<words>`, so that two environments never collide, also when they share an
account. ARNs are written out from the account and the region of the settings; a policy document can thus name a
resource before it exists and without a data source.
"""

import hashlib
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from envs.settings import Settings
from envs.settings.fields import allowed_values, type_at
from envs.settings.regions import Region, partition_of
from envs.settings.types import AwsAccountId, EnvironmentName, ProjectName

ARTIFACTS = "artifacts"
SECRETS = "secrets"
PUBLIC_ZONE = "public-zone"
"""What the bootstrap stack makes and the environment's stack refers to by name: keys, the bucket of artifacts, and the
public hosted zone, by its tag `Name`."""

_TYPES = {
    "project": TypeAdapter[str](ProjectName),
    "environment": TypeAdapter[str](EnvironmentName),
    "account_id": TypeAdapter[str](AwsAccountId),
    "region": TypeAdapter[str](Region),
}
"""What the settings allow."""

LOAD_BALANCER_NAME_LIMIT = 32  # Elastic Load Balancing API: CreateLoadBalancer and CreateTargetGroup, Name


@dataclass(frozen=True, slots=True)
class Names:
    """The naming scheme of one environment. Raises ValueError for a value that no settings may have."""

    project: str
    environment: str
    account_id: str
    region: str

    def __post_init__(self) -> None:
        for field, type_ in _TYPES.items():
            try:
                type_.validate_python(getattr(self, field), strict=True)
            except ValidationError:
                allowed = allowed_values(type_at((field,)))
                raise ValueError(f"Names: {field} is {getattr(self, field)!r}, allowed: {allowed}") from None

    @classmethod
    def of(cls, settings: Settings) -> "Names":
        """Return the naming scheme that `settings` ask for."""
        return cls(
            project=settings.project,
            environment=settings.environment,
            account_id=settings.account_id,
            region=settings.region,
        )

    def in_region(self, region: str) -> "Names":
        """Return the names of the same environment in another region."""
        return replace(self, region=region)

    @property
    def partition(self) -> str:
        """The second part of every ARN, such as `aws`."""
        return partition_of(self.region)

    @property
    def prefix(self) -> str:
        """`<project>-<environment>`."""
        return f"{self.project}-{self.environment}"

    def name(self, *words: str) -> str:
        """Return `<project>-<environment>-<words>`, the name of one resource."""
        return "-".join((self.prefix, *words))

    def short_name(self, *words: str, limit: int = LOAD_BALANCER_NAME_LIMIT) -> str:
        """Return `name(*words)`, cut to `limit` characters with a digest when it is longer.

        The digest (6 hexadecimal digits of SHA-256 of the whole name) keeps two long names apart.
        """
        name = self.name(*words)
        if len(name) <= limit:
            return name
        digest = hashlib.sha256(name.encode()).hexdigest()[:6]
        return f"{name[: limit - 7].rstrip('-')}-{digest}"

    def bucket(self, purpose: str) -> str:
        """Return the name of an S3 bucket; it ends in the account id because bucket names are global."""
        return f"{self.prefix}-{purpose}-{self.account_id}"

    def bucket_arn(self, purpose: str) -> str:
        """Return the ARN of the S3 bucket `bucket(purpose)`."""
        return self.named_bucket_arn(self.bucket(purpose))

    def named_bucket_arn(self, name: str) -> str:
        """Return the ARN of the S3 bucket of any name."""
        return f"arn:{self.partition}:s3:::{name}"

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a regional resource of this account, such as `arn("sns", "meals-dev-x")`."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def iam_arn(self, resource: str) -> str:
        """Return the ARN of an IAM resource (IAM is global: no region), such as `iam_arn("role/x")`."""
        return f"arn:{self.partition}:iam::{self.account_id}:{resource}"

    def scheduler_target(self, service: str, call: str) -> str:
        """Return the target of a schedule that calls an AWS service (EventBridge Scheduler user guide, "Using universal
        targets")."""
        return f"arn:{self.partition}:scheduler:::aws-sdk:{service}:{call}"

    def secret_arn(self, name: str) -> str:
        """Return the ARN of a secret; Secrets Manager ends it in a hyphen and six characters of its own."""
        return self.arn("secretsmanager", f"secret:{name}-??????")

    def service_host(self, service: str) -> str:
        """Return the host name of an AWS service in this region, which `kms:ViaService` holds."""
        return f"{service}.{self.region}.amazonaws.com"

    def log_group(self, *words: str) -> str:
        """Return a CloudWatch Logs group name: `/<project>/<environment>/<words>`."""
        return "/" + "/".join((self.project, self.environment, *words))

    def tags(self, *words: str) -> dict[str, str]:
        """Return the `Name` tag of a resource; project and environment come from the provider's default tags."""
        return {"Name": self.name(*words)}

    @property
    def default_tags(self) -> dict[str, str]:
        """The tags that the provider puts on everything."""
        return {"Environment": self.environment, "ManagedBy": "terraform", "Project": self.project}
