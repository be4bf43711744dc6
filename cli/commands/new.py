"""`infra new`: one more server, consumer, channel, topic or environment, or one more rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import get_args

import click

from cli.core.base.project import ROOT
from cli.core.new.addition import Addition, Files
from cli.core.new.channels import new_channel
from cli.core.new.consumers import new_consumer
from cli.core.new.environments import new_environment, place_in_chain
from cli.core.new.refusals import InterruptedAddition, NotWritten
from cli.core.new.rules import FOLDERS, new_rule
from cli.core.new.servers import new_server
from cli.core.new.topics import new_topic
from cli.ui.app import Application, Group, error_text, pass_application
from cli.ui.options import json_flag
from envs.settings.servers import Use


@click.group(cls=Group)
def command() -> None:
    """Add a server, consumer, channel, topic, environment or rule.

    Each writes settings into the file of every environment, claims where there is something to claim, a test below
    tests/own and a line of docs/additions.md: everything or nothing. Files with uncommitted changes are left alone, so
    git alone undoes it. The result passes infra check and infra test.

    \b
    Examples:
      infra new server loyalty --public --path /loyalty --uses event-store
      infra new consumer billing --topic data-reporting --to sqs
    """


@command.command("server")
@click.argument("name")
@click.option("--public/--private", "is_public", default=False, help="In which subnets.  [default: private]")
@click.option(
    "--path", "path_prefix", metavar="PATH", help="Beginning of the paths that a public one answers.  [default: /NAME]"
)
@click.option(
    "--uses", multiple=True, type=click.Choice(get_args(Use)), help="What it uses besides the broker. Repeat it."
)
@click.option(
    "--client", "clients", multiple=True, metavar="SERVER", help="A server that calls a private one. Repeat it."
)
@json_flag
@pass_application
def server(
    application: Application,
    name: str,
    *,
    is_public: bool,
    path_prefix: str | None,
    uses: tuple[str, ...],
    clients: tuple[str, ...],
) -> None:
    """Add a server with scaling, role, logs and security group of its own.

    It always reaches the broker. What it uses besides has to be named, and the claims say so. Its sizes are those of
    core in each environment; change them in envs/.

    \b
    Examples:
      infra new server loyalty --public --path /loyalty --uses event-store --uses stream
      infra new server invoices --private --client core-server
    """
    if path_prefix and not is_public:
        raise click.UsageError("--path is for a public server; give --public as well")
    if clients and is_public:
        raise click.UsageError("--client is for a private server; a public one answers whoever calls the load balancer")
    _show(
        application,
        lambda: new_server(
            Files(ROOT),
            application.progress,
            name,
            path_prefix=(path_prefix or f"/{name}") if is_public else None,
            uses=tuple(dict.fromkeys(uses)),
            clients=tuple(dict.fromkeys(clients)),
        ),
    )


@command.command("consumer")
@click.argument("name")
@click.option("--topic", required=True, help="The topic of Kafka that it reads.")
@click.option(
    "--to",
    required=True,
    metavar="sqs|sns|SERVER",
    help="Where messages go: a queue, a topic, or the server that reads.",
)
@json_flag
@pass_application
def consumer(application: Application, name: str, topic: str, to: str) -> None:
    """Add a consumer of a topic of Kafka.

    sqs and sns get a queue or a topic of their own, with a pipe, a role, a key and alarms; a queue has a dead-letter
    queue. A server reads the topic itself.

    \b
    Examples:
      infra new consumer billing --topic data-reporting --to sqs
      infra new consumer board --topic data-reporting --to core-server
    """
    _show(application, lambda: new_consumer(Files(ROOT), application.progress, name, topic=topic, to=to))


@command.command("topic")
@click.argument("name")
@json_flag
@pass_application
def topic(application: Application, name: str) -> None:
    """Add a topic of Kafka, which servers that use the stream may write.

    \b
    Example:
      infra new topic orders
    """
    _show(application, lambda: new_topic(Files(ROOT), application.progress, name))


@command.command("channel")
@click.argument("name")
@click.option(
    "--direction",
    type=click.Choice(("inbound", "outbound", "aws-api")),
    default="outbound",
    show_default=True,
    help="Who calls whom.",
)
@click.option("--domain", "domains", multiple=True, help="A name that servers call. Repeat it.")
@json_flag
@pass_application
def channel(application: Application, name: str, direction: str, domains: tuple[str, ...]) -> None:
    """Add an external system, and the HTTPS way to or from it.

    \b
    Examples:
      infra new channel couriers --domain api.couriers.example
      infra new channel kiosks --direction inbound
    """
    domains = tuple(dict.fromkeys(domains))
    _show(
        application, lambda: new_channel(Files(ROOT), application.progress, name, direction=direction, domains=domains)
    )


@command.command("environment")
@click.argument("name")
@click.option("--account", "account_id", required=True, metavar="ID", help="Its AWS account: twelve digits.")
@click.option("--after", metavar="ENV", help="The environment that hands releases on to it.")
@click.option("--before", metavar="ENV", help="The environment that it hands releases on to.")
@json_flag
@pass_application
def environment(application: Application, name: str, *, account_id: str, after: str | None, before: str | None) -> None:
    """Add an environment to the promotion chain.

    Its settings are those of the environment before it, or of the one after it where it is the first. The chain, the
    workflows and addresses.json name it too.

    \b
    Examples:
      infra new environment qa --account 444455556666 --after dev
      infra new environment lab --account 444455556666 --before dev
    """
    if (after is None) is (before is None):
        raise click.UsageError("either --after ENV or --before ENV")
    place = place_in_chain(after=after, before=before)
    _show(
        application,
        lambda: new_environment(Files(ROOT), application.progress, name, account_id=account_id, place=place),
    )


@command.command("rule")
@click.argument("rule_id", metavar="ID")
@click.option("--pack", type=click.Choice(tuple(FOLDERS)), required=True, help="The pack of rules that it belongs to.")
@click.option("--type", "resource_type", metavar="TYPE", required=True, help="The resource type that it is about.")
@click.option("--attribute", metavar="NAME", required=True, help="The attribute that must be true.")
@json_flag
@pass_application
def rule(application: Application, rule_id: str, *, pack: str, resource_type: str, attribute: str) -> None:
    """Add a rule to the gate: every resource of a type has an attribute that is true.

    It comes with cases, a mutation of production that it finds, and its page. One that says more begins like this and
    is changed by hand.

    \b
    Example:
      infra new rule CKV2_MEALS_501 --pack channels --type aws_lb --attribute drop_invalid_header_fields
    """
    _show(
        application,
        lambda: new_rule(
            Files(ROOT), application.progress, rule_id, pack=pack, resource_type=resource_type, attribute=attribute
        ),
    )


def _show(application: Application, add: Callable[[], Addition]) -> None:
    """Add something, and print what was written."""
    try:
        addition = add()
    except KeyboardInterrupt:  # while it writes, Ctrl-C waits
        raise InterruptedAddition("interrupted; nothing was written") from None
    except OSError as error:  # a full disk, a directory that is read-only: what was written is taken back
        raise NotWritten(f"{error_text(error)}; nothing was written") from None
    lines = [f"wrote {path}" for path in addition.written]
    application.show(asdict(addition), "\n".join((*lines, *(f"Next: {each}" for each in addition.next))))
