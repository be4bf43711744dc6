"""What AWS has attached to a stack's resources and no resource of the state explains, where no parent reads it back.

The provider reads back a group's rules at the group, but not a topic's subscriptions at the topic. So the account is
asked. What it does not answer is a gap that is named, and never the same as nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.core.plans.foreign import State
from cli.core.plans.model import Attribute, Value
from cli.core.plans.values import NOTHING
from cli.core.preconditions.model import Body, NotAllowed, NotKnown, Reads
from cli.core.terraform.failures import NoCredentials


@dataclass(frozen=True, slots=True)
class Attachments:
    """What the account has beside the state."""

    found: Mapping[str, tuple[Attribute, ...]]
    """By the address of the resource that it hangs on: the kind of thing, and each in words."""
    gaps: tuple[str, ...]
    """What could not be looked at, and why."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked about each resource of a type."""

    type: str
    kind: str
    """What may hang on the resource."""
    service: str
    operation: str
    arguments: Callable[[Mapping[str, Any]], dict[str, Any]]
    """Of the request, by the attributes of the resource."""
    texts: Callable[[Body, State, Iterable[State]], Iterator[str]]
    """What the answer has and no resource explains."""


def attachments(resources: Sequence[State], known: Iterable[State], reads: Reads) -> Attachments:
    """Ask the account what hangs on ``resources``; ``known`` are all that the states of the environment have."""
    asked = [
        (question, resource) for question in _QUESTIONS for resource in resources if resource["type"] == question.type
    ]
    if not asked:
        return Attachments({}, ())
    known = tuple(known)
    refused = _refusal(reads)
    found: dict[str, list[Attribute]] = {}
    gaps: dict[str, None] = {}
    for question, resource in asked:
        try:
            if refused:
                raise NotKnown(refused)
            answer = reads.ask(question.service, question.operation, **question.arguments(resource["values"]))
        except (NotAllowed, NotKnown) as error:
            gaps[f"{question.kind}s of {question.type} ({error})"] = None
            continue
        found.setdefault(resource["address"], []).extend(
            Attribute(question.kind, NOTHING, Value(text))
            for text in sorted(question.texts(answer or {}, resource, known))
        )
    return Attachments({address: tuple(each) for address, each in found.items() if each}, tuple(gaps))


def _refusal(reads: Reads) -> str:
    """Why the account cannot be asked; empty if it can. terraform knows more sources of credentials."""
    try:
        account_id = (reads.ask("sts", "get_caller_identity") or {}).get("Account")
    except (NoCredentials, NotAllowed, NotKnown) as error:
        return str(error)
    return "" if account_id == reads.account_id else f"the credentials belong to account {account_id}"


def _values(resources: Iterable[State], type_: str, parent: str, of: State, *, name: str = "id") -> Iterator[Any]:
    """An attribute of the resources of a type that belong to a parent: by the parent's id or ARN."""
    identities = {of["values"].get("id"), of["values"].get("arn")}
    for each in resources:
        if each["type"] == type_ and each["values"].get(parent) in identities:
            yield each["values"].get(name)


def _subscriptions(answer: Body, topic: State, known: Iterable[State]) -> Iterator[str]:
    """One that waits for its confirmation has no ARN yet."""
    ours = [each for each in known if each["type"] == "aws_sns_topic_subscription"]
    arns = {each["values"].get("arn") for each in ours}
    endpoints = {
        (each["values"].get("protocol"), each["values"].get("endpoint"))
        for each in ours
        if each["values"].get("topic_arn") == topic["values"].get("arn")
    }
    for each in answer.get("Subscriptions") or ():
        if each["SubscriptionArn"] not in arns and (each["Protocol"], each["Endpoint"]) not in endpoints:
            yield f"{each['Protocol']} to {each['Endpoint']}"


def _clients(answer: Body, pool: State, known: Iterable[State]) -> Iterator[str]:
    ours = {
        client
        for type_ in ("aws_cognito_user_pool_client", "aws_cognito_managed_user_pool_client")
        for client in _values(known, type_, "user_pool_id", pool)
    }
    for each in answer.get("UserPoolClients") or ():
        if each["ClientId"] not in ours:
            yield f"{each['ClientName']} ({each['ClientId']})"


def _identity_providers(answer: Body, pool: State, known: Iterable[State]) -> Iterator[str]:
    ours = set(_values(known, "aws_cognito_identity_provider", "user_pool_id", pool, name="provider_name"))
    for each in answer.get("Providers") or ():
        if each["ProviderName"] not in ours:
            yield f"{each['ProviderName']} ({each['ProviderType']})"


def _listeners(answer: Body, balancer: State, known: Iterable[State]) -> Iterator[str]:
    ours = set(_values(known, "aws_lb_listener", "load_balancer_arn", balancer, name="arn"))
    for each in answer.get("Listeners") or ():
        if each["ListenerArn"] not in ours:
            yield f"{each.get('Protocol')} {each.get('Port')}"


def _listener_rules(answer: Body, listener: State, known: Iterable[State]) -> Iterator[str]:
    ours = set(_values(known, "aws_lb_listener_rule", "listener_arn", listener, name="arn"))
    for each in answer.get("Rules") or ():
        if not each.get("IsDefault") and each["RuleArn"] not in ours:
            actions = ", ".join(str(action.get("Type")) for action in each.get("Actions") or ())
            yield f"priority {each.get('Priority')}: {actions}"


def _records(answer: Body, zone: State, known: Iterable[State]) -> Iterator[str]:
    """The zone's own name servers and start of authority are AWS's."""
    apex = str(zone["values"].get("name")).rstrip(".").lower()
    ours = {
        (
            str(each["values"].get("fqdn")).lower(),
            each["values"].get("type"),
            each["values"].get("set_identifier") or "",
        )
        for each in known
        if each["type"] == "aws_route53_record" and each["values"].get("zone_id") == zone["values"].get("zone_id")
    }
    for each in answer.get("ResourceRecordSets") or ():
        name = each["Name"].rstrip(".").replace("\\052", "*").lower()
        is_own = name == apex and each["Type"] in ("NS", "SOA")
        if not is_own and (name, each["Type"], each.get("SetIdentifier", "")) not in ours:
            yield f"{each['Type']} {name}"


def _endpoints(answer: Body, _vpc: State, known: Iterable[State]) -> Iterator[str]:
    """Those that an AWS service made for itself are its own."""
    ours = {each["values"].get("id") for each in known if each["type"] == "aws_vpc_endpoint"}
    for each in answer.get("VpcEndpoints") or ():
        if each["VpcEndpointId"] not in ours and not each.get("RequesterManaged"):
            yield f"{each.get('ServiceName')} ({each['VpcEndpointId']})"


def _filters(answer: Body, group: State, known: Iterable[State]) -> Iterator[str]:
    """Where a log group's events go too."""
    ours = {
        each["values"].get("name")
        for each in known
        if each["type"] == "aws_cloudwatch_log_subscription_filter"
        and each["values"].get("log_group_name") == group["values"].get("name")
    }
    for each in answer.get("subscriptionFilters") or ():
        if each["filterName"] not in ours:
            yield f"{each['filterName']} to {each.get('destinationArn')}"


def _streams(answer: Body, table: State, known: Iterable[State]) -> Iterator[str]:
    """Where a table's changes go too."""
    ours = {
        each["values"].get("stream_arn")
        for each in known
        if each["type"] == "aws_dynamodb_kinesis_streaming_destination"
        and each["values"].get("table_name") == table["values"].get("name")
    }
    for each in answer.get("KinesisDataStreamDestinations") or ():
        if each["StreamArn"] not in ours and each.get("DestinationStatus") != "DISABLED":
            yield str(each["StreamArn"])


_QUESTIONS = (
    _Question(
        type="aws_cloudwatch_log_group",
        kind="subscription filter",
        service="logs",
        operation="describe_subscription_filters",
        arguments=lambda group: {"logGroupName": group["name"]},
        texts=_filters,
    ),
    _Question(
        type="aws_dynamodb_table",
        kind="Kinesis stream",
        service="dynamodb",
        operation="describe_kinesis_streaming_destination",
        arguments=lambda table: {"TableName": table["name"]},
        texts=_streams,
    ),
    _Question(
        type="aws_sns_topic",
        kind="subscription",
        service="sns",
        operation="list_subscriptions_by_topic",
        arguments=lambda topic: {"TopicArn": topic["arn"]},
        texts=_subscriptions,
    ),
    _Question(
        type="aws_cognito_user_pool",
        kind="client",
        service="cognito-idp",
        operation="list_user_pool_clients",
        arguments=lambda pool: {"UserPoolId": pool["id"]},
        texts=_clients,
    ),
    _Question(
        type="aws_cognito_user_pool",
        kind="identity provider",
        service="cognito-idp",
        operation="list_identity_providers",
        arguments=lambda pool: {"UserPoolId": pool["id"]},
        texts=_identity_providers,
    ),
    _Question(
        type="aws_lb",
        kind="listener",
        service="elbv2",
        operation="describe_listeners",
        arguments=lambda balancer: {"LoadBalancerArn": balancer["arn"]},
        texts=_listeners,
    ),
    _Question(
        type="aws_lb_listener",
        kind="listener rule",
        service="elbv2",
        operation="describe_rules",
        arguments=lambda listener: {"ListenerArn": listener["arn"]},
        texts=_listener_rules,
    ),
    _Question(
        type="aws_route53_zone",
        kind="record",
        service="route53",
        operation="list_resource_record_sets",
        arguments=lambda zone: {"HostedZoneId": zone["zone_id"]},
        texts=_records,
    ),
    _Question(
        type="aws_vpc",
        kind="VPC endpoint",
        service="ec2",
        operation="describe_vpc_endpoints",
        arguments=lambda vpc: {"Filters": [{"Name": "vpc-id", "Values": [vpc["id"]]}]},
        texts=_endpoints,
    ),
)
