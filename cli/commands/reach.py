"""`infra reach`: who can reach whom."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from cli.core.base.environments import load_settings
from cli.core.base.errors import ExitCode
from cli.core.reach import question as questions
from cli.core.reach import table as matrix_table
from cli.core.reach.network import endpoints, network_at
from cli.core.synthesis.synthesize import synthesize_each
from cli.ui.app import Application, pass_application
from cli.ui.options import complete_places, is_path, json_flag
from cli.ui.tables import table
from policies.reachability import traffic as traffics
from policies.reachability.intervals import Intervals
from policies.reachability.matrix import matrix
from policies.reachability.network import Network


@click.command()
@click.argument("place", metavar="ENV|PATH", shell_complete=complete_places)
@click.option("--from", "source", metavar="NAME", help="What opens the connection.")
@click.option("--to", "target", metavar="NAME", help="What accepts it.")
@click.option(
    "--port",
    metavar="PORT[-PORT]",
    help="Only these ports: those of the target, or of a load balancer before it. Of ICMP these types.",
)
@click.option("--protocol", metavar="NAME", help="tcp, udp, icmp, or a protocol's number.  [default with --port: tcp]")
@click.option("--expect", type=click.Choice(("yes", "no")), help="Exit code 3 if the answer is the other one.")
@json_flag
@pass_application
def command(
    application: Application,
    place: str,
    source: str | None,
    target: str | None,
    port: str | None,
    protocol: str | None,
    expect: str | None,
) -> int:
    """Show who can reach whom over the network.

    The answer comes from the Terraform, before anything is deployed. ENV is synthesized to a temporary directory from
    the current settings and code. PATH is a directory with HCL or Terraform JSON, from any tool, or a plan as JSON; it
    may also be a directory above the only one that holds Terraform. Without --from and --to, or with one of them, the
    command lists the possible connections. With both, it answers yes, with every rule that allows the connection and
    every assumption that it rests on, or no, with what stops it on every way. The exit code is 0 for both answers; with
    --expect it is 3 for the other answer.

    NAME is a name from the list, such as internet, s3, dynamodb, core or event_store; or a Terraform address, a
    construct path or the tag Name. An IP address or network stands for all that has, or may have, an address in it:
    0.0.0.0/0 for the internet and everything in the VPCs, 10.0.1.0/24 for what is in that subnet; * stands for
    everything. The answer is yes if one of them reaches one of the others.

    \b
    Examples:
      infra reach prod
      infra reach prod --from internet --to event_store --port 2113
      infra reach prod --to broker
      infra reach ../other/terraform --from internet --to aws_instance.web --port 22 --expect no
    """
    traffic = _traffic(port, protocol)
    network = _network(application, place)
    if source is None or target is None:
        if expect is not None:
            raise click.UsageError("--expect is about one answer: give --from and --to as well")
        _show_matrix(application, network, source=source, target=target, traffic=traffic)
        return ExitCode.OK
    question = questions.Question(endpoints(network, source), endpoints(network, target), traffic)
    reply = questions.ask(network, question)
    if application.is_json:
        application.json(questions.data(question, reply))
    else:
        application.say(questions.report(question, reply))
    return ExitCode.OK if expect in (None, "yes" if reply else "no") else ExitCode.FINDINGS


def _traffic(port: str | None, protocol: str | None) -> Intervals:
    if port is None and protocol is None:
        return traffics.ALL
    try:
        traffic = traffics.asked(protocol or "tcp", port)
    except ValueError:
        raise click.UsageError(
            f"received --port {port} --protocol {protocol or 'tcp'}; allowed: a port or a range such as 8000-8010, "
            "from 0 to 65535, of tcp, udp or a protocol from 0 to 255; a type, from 0 to 255, of icmp or icmpv6"
        ) from None
    return traffic


def _network(application: Application, place: str) -> Network:
    """The network of an environment or at a path."""
    if is_path(place):
        return network_at(Path(place))
    with tempfile.TemporaryDirectory(prefix="infra-reach-") as directory:
        ((_, out),) = synthesize_each([load_settings(place)], Path(directory), application.progress)
        return network_at(out / "stacks" / place)


def _show_matrix(
    application: Application, network: Network, source: str | None, target: str | None, traffic: Intervals
) -> None:
    sources, targets = (
        None if text is None else {key for each in endpoints(network, text).ends for key in (each.key, *each.alike)}
        for text in (source, target)
    )
    found = matrix(network, sources, targets)
    if application.is_json:
        for piece in matrix_table.document(network, found, traffic):
            application.write(piece)
        return
    names = [node.name for node in network.nodes.values()]
    rows = [
        (
            matrix_table.joined(row.sources, names),
            matrix_table.joined(row.targets, names),
            ", ".join(row.path.through),
            f"{traffics.describe(row.path.traffic)}{' (assumed)' if row.path.is_assumed else ''}",
        )
        for row in matrix_table.rows(network, found, traffic)
    ]
    assumptions = [f"assumed: {text}" for text in matrix_table.assumed(network)]
    application.say("\n".join([table(("from", "to", "through", "traffic"), rows), *assumptions]))
