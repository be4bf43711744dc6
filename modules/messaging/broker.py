"""Amazon MQ: the queue between the modules, for public and private servers alike (claim C5).

The broker is in private subnets, speaks TLS only, and takes connections from the servers' security groups and from
nothing else. Its web console (443 of RabbitMQ, 8162 of ActiveMQ) is not opened to anybody: servers do not need it, and
what operators need to know is in CloudWatch's metrics and logs.
"""

from collections.abc import Sequence

from cdktf import Fn, ITerraformDependable, TerraformResourceLifecycle, Token
from cdktf_cdktf_provider_aws.data_aws_secretsmanager_secret_version import DataAwsSecretsmanagerSecretVersion
from cdktf_cdktf_provider_aws.mq_broker import (
    MqBroker,
    MqBrokerConfiguration,
    MqBrokerEncryptionOptions,
    MqBrokerLogs,
    MqBrokerMaintenanceWindowStartTime,
    MqBrokerUser,
)
from cdktf_cdktf_provider_aws.mq_configuration import MqConfiguration
from constructs import Construct

from envs.settings.broker import Broker as BrokerSettings
from modules.common.context import Context
from modules.common.policy import Statement
from modules.messaging.engine import ENGINES, SERVERS_GROUP
from modules.messaging.logs import BrokerLogRetention, BrokerLogWriter
from modules.network.network import Network
from modules.network.security_group import SecurityGroup

NAME = "broker"


class Broker(Construct):
    """The broker, its security group, configuration and logs.

    `replicas` are the subnet replicas, counted from 1, whose private subnets it is made in. AWS cannot move a broker:
    its subnets are ignored afterwards, so that an environment that grows from one replica to two keeps its broker.
    `clients` may connect.

    The broker's user comes from the secret `settings.credentials_secret_name`, JSON with `username` and `password`,
    which exists before the first apply. Terraform reads it when it runs, so its state holds the password: the state
    bucket has its own key and nobody but operators may read it. To rotate: change the secret and apply (ActiveMQ);
    RabbitMQ's users cannot be changed through AWS, so there change the secret and the password in RabbitMQ itself, and
    Terraform ignores the difference.

    Changes that restart the broker wait for the maintenance window (`apply_immediately` is false).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        settings: BrokerSettings,
        replicas: Sequence[int],
        engine_version: str,
        network: Network,
        clients: Sequence[SecurityGroup],
    ) -> None:
        super().__init__(scope, id)
        names = context.names
        self._context = context
        self._secret_name = settings.credentials_secret_name
        self._node_count = len(replicas) if settings.engine == "activemq" else 1
        engine = self._engine = ENGINES[settings.engine]

        self.security_group = SecurityGroup(
            self,
            "security-group",
            names=names,
            name=NAME,
            description="Amazon MQ broker: TLS from the servers",
            vpc_id=network.vpc_id,
        )
        for client in clients:
            self.security_group.accept_from(client, port=engine.port, description="Amazon MQ over TLS")

        # A configuration belongs to one engine version, so its name says which: an upgrade makes a new one.
        configuration = MqConfiguration(
            self,
            "configuration",
            name=names.name(settings.engine, engine_version.replace(".", "-")),
            description=f"Configuration of the broker of {names.prefix}",
            engine_type=engine.type,
            engine_version=engine_version,
            data=engine.configuration,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            tags=names.tags(NAME),
        )
        credentials = DataAwsSecretsmanagerSecretVersion(self, "credentials", secret_id=self._secret_name)
        secret = Fn.jsondecode(credentials.secret_string)
        log_writers: list[ITerraformDependable] = []
        if settings.engine == "activemq":
            log_writers.append(BrokerLogWriter(self, "log-writer", names=names).policy)
        broker = self._broker = MqBroker(
            self,
            "broker",
            broker_name=names.name(NAME),
            engine_type=engine.type,
            engine_version=engine_version,
            host_instance_type=settings.instance_type,
            deployment_mode=settings.deployment_mode,
            publicly_accessible=False,
            subnet_ids=[network.private_subnet_ids[replica - 1] for replica in replicas],
            security_groups=[self.security_group.security_group_id],
            authentication_strategy="simple",
            auto_minor_version_upgrade=True,
            apply_immediately=False,
            configuration=MqBrokerConfiguration(id=configuration.id, revision=configuration.latest_revision),
            encryption_options=MqBrokerEncryptionOptions(
                use_aws_owned_key=False, kms_key_id=context.keys.messaging.arn
            ),
            # RabbitMQ has no audit log, and AWS refuses even `audit = false` for it.
            logs=MqBrokerLogs(general=True, audit="true" if engine.has_audit_log else None),
            maintenance_window_start_time=MqBrokerMaintenanceWindowStartTime(
                day_of_week=settings.maintenance_window.day_of_week,
                time_of_day=settings.maintenance_window.time_of_day,
                time_zone="UTC",
            ),
            user=[
                MqBrokerUser(
                    username=Token.as_string(Fn.lookup_nested(secret, ["username"])),
                    password=Token.as_string(Fn.lookup_nested(secret, ["password"])),
                    groups=[SERVERS_GROUP] if engine.has_groups else None,
                    console_access=False if engine.has_groups else None,
                )
            ],
            lifecycle=TerraformResourceLifecycle(
                ignore_changes=["subnet_ids"] if engine.updates_users else ["subnet_ids", "user"]
            ),
            depends_on=log_writers or None,
            tags=names.tags(NAME),
        )
        BrokerLogRetention(
            self,
            "log-retention",
            context=context,
            broker_id=broker.id,
            logs=engine.logs,
            retention_days=settings.log_retention_days,
        )

    def client_environment(self) -> dict[str, str]:
        """Return the variables that tell a server where the broker is and which secret holds its user.

        `BROKER_URL` is `amqps://<host>:5671` (RabbitMQ), `ssl://<host>:61617` or, for two nodes,
        `failover:(ssl://...,ssl://...)` (ActiveMQ).
        """
        endpoints = [self._endpoint(node) for node in range(self._node_count)]
        url = endpoints[0] if len(endpoints) == 1 else f"failover:({','.join(endpoints)})"
        return {"BROKER_SECRET_NAME": self._secret_name, "BROKER_URL": url}

    def _endpoint(self, node: int) -> str:
        """Return the URL that servers connect to at a node, found by its scheme and port.

        A node lists the URLs of all its protocols, and their order is no promise: since 2026 that of RabbitMQ's
        Prometheus metrics comes first (hashicorp/terraform-provider-aws#47764).
        """
        urls = Fn.join(",", self._broker.instances.get(node).endpoints)
        return Token.as_string(Fn.regex(f"{self._engine.scheme}://[^,]+:{self._engine.port}", urls))

    def client_statements(self) -> list[Statement]:
        """Return what a server needs to connect: to read the user's secret, and to decrypt it with the secrets key."""
        names = self._context.names
        secret_arn = names.secret_arn(self._secret_name)
        return [
            Statement(
                sid="ReadBrokerUser",
                actions=["secretsmanager:GetSecretValue"],
                resources=[secret_arn],
            ),
            Statement(
                sid="DecryptBrokerUser",
                actions=["kms:Decrypt"],
                resources=[self._context.keys.secrets_key_arn],
                conditions={
                    "StringEquals": {"kms:ViaService": names.service_host("secretsmanager")},
                    "ArnLike": {"kms:EncryptionContext:SecretARN": secret_arn},
                },
            ),
        ]
