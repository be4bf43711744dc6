"""What moto lacks: one file per service, one method per operation, named and spelt as in AWS's API reference."""

from cli.core.sandbox.server.service import Service
from cli.core.sandbox.server.services.application_autoscaling import ApplicationAutoscaling
from cli.core.sandbox.server.services.athena import Athena
from cli.core.sandbox.server.services.autoscaling import AutoScaling
from cli.core.sandbox.server.services.backup import Backup
from cli.core.sandbox.server.services.cloudwatch import CloudWatch
from cli.core.sandbox.server.services.cognito_idp import CognitoIdp
from cli.core.sandbox.server.services.dynamodb import DynamoDB
from cli.core.sandbox.server.services.ec2 import EC2
from cli.core.sandbox.server.services.firehose import Firehose
from cli.core.sandbox.server.services.iam import IAM
from cli.core.sandbox.server.services.kafka import Kafka
from cli.core.sandbox.server.services.kafkaconnect import KafkaConnect
from cli.core.sandbox.server.services.logs import Logs
from cli.core.sandbox.server.services.mq import MQ
from cli.core.sandbox.server.services.pipes import Pipes
from cli.core.sandbox.server.services.route53 import Route53
from cli.core.sandbox.server.services.route53resolver import Route53Resolver
from cli.core.sandbox.server.services.s3 import S3
from cli.core.sandbox.server.services.secretsmanager import SecretsManager
from cli.core.sandbox.server.services.sns import SNS

SERVICES: tuple[type[Service], ...] = (
    ApplicationAutoscaling,
    Athena,
    AutoScaling,
    Backup,
    CloudWatch,
    CognitoIdp,
    DynamoDB,
    EC2,
    Firehose,
    IAM,
    Kafka,
    KafkaConnect,
    Logs,
    MQ,
    Pipes,
    Route53,
    Route53Resolver,
    S3,
    SecretsManager,
    SNS,
)
