"""`infra reach`: who reaches whom."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.core.base.errors import ExitCode
from cli.core.base.project import ROOT
from cli.ui.options import complete_environments, json_option
from cli.ui.terminal import Progress, console, print_json

if TYPE_CHECKING:
    from policies.reachability.intervals import Intervals
    from policies.reachability.network import Network


@click.command()
@click.argument("place", metavar="ENV|PATH", shell_complete=complete_environments)
@click.option("--from", "source", metavar="NAME", help="What opens the connection.")
@click.option("--to", "target", metavar="NAME", help="What accepts it.")
@click.option(
    "--port",
    metavar="PORT[-PORT]",
    help="Only about these ports: where the connection arrives, or where a load balancer takes it.",
)
@click.option("--protocol", metavar="NAME", help="tcp, udp, icmp, or a protocol's number.  [default with --port: tcp]")
@click.option("--expect", type=click.Choice(("yes", "no")), help="End with 3 if the answer is the other one.")
@json_option
def command(
    place: str,
    source: str | None,
    target: str | None,
    port: str | None,
    protocol: str | None,
    expect: str | None,
    as_json: bool,
) -> int:
    """Show who can reach whom over the network.

    ENV is synthesized from the current settings and code, aside: nothing is written. PATH is a directory with HCL or
    Terraform JSON, made by whatever, or a plan as JSON. Without --from and --to, or with one of them, it lists what is
    possible. With both it answers yes, with a connection and every rule that lets it through, or no, with what stops
    it. It ends with 0 either way; with --expect it ends with 3 if the answer is not the one expected.

    NAME is what the list calls it: internet, s3, dynamodb, core, event_store; or a Terraform address, a construct path,
    the tag Name, or an IP address or network.

    \b
    Examples:
      infra reach prod
      infra reach prod --from internet --to event_store --port 2113
      infra reach prod --to broker
      infra reach ../other/terraform --from internet --to aws_instance.web --port 22 --expect no
    """
    traffic = _traffic(port, protocol)
    network = _network(place)
    if source is None or target is None:
        if expect is not None:
            raise click.UsageError("--expect is about one answer: give --from and --to as well")
        _print_matrix(network, source, target, traffic, as_json)
        return ExitCode.OK
    from cli.core.reach import question as questions
    from cli.core.reach.network import endpoint

    question = questions.Question(endpoint(network, source), endpoint(network, target), traffic)
    result = questions.ask(network, question)
    if as_json:
        print_json(questions.data(question, result))
    else:
        click.echo(questions.report(question, result))
    return ExitCode.OK if expect in (None, "yes" if result else "no") else ExitCode.FINDINGS


def _traffic(port: str | None, protocol: str | None) -> Intervals:
    from policies.reachability import traffic

    if port is None and protocol is None:
        return traffic.ALL
    first, _, last = (port or f"0-{traffic.PORTS - 1}").partition("-")
    try:
        found = traffic.ports(protocol or "tcp", int(first), int(last or first))
    except ValueError:
        found = None
    if not found or not found <= traffic.ALL or not 0 <= int(first) <= int(last or first) < traffic.PORTS:
        raise click.UsageError(
            f"received --port {port} --protocol {protocol or 'tcp'}; allowed: a port or a range such as 8000-8010, "
            "from 0 to 65535, of tcp, udp, icmp, icmpv6 or a protocol from 0 to 255"
        )
    return found


def _network(place: str) -> Network:
    """The network of an environment or at a path."""
    known = [file.stem for file in (ROOT / "envs").glob("*.yaml")]
    if place not in known and (os.sep in place or Path(place).exists()):
        from cli.core.reach.network import network_at

        return network_at(Path(place))
    import tempfile

    from cli.core.base.environments import load_settings
    from cli.core.reach.network import network_at
    from cli.core.synthesis.synthesize import synthesize

    settings = load_settings(place)
    progress = Progress()
    progress.step(f"synthesizing {place}")
    with tempfile.TemporaryDirectory(prefix="infra-reach-") as aside:
        synthesize(settings, Path(aside))
        network = network_at(Path(aside) / "stacks" / place)
    progress.clear()
    return network


def _print_matrix(network: Network, source: str | None, target: str | None, traffic: Intervals, as_json: bool) -> None:
    from cli.core.reach import table
    from cli.core.reach.network import endpoint
    from policies.reachability import traffic as traffics
    from policies.reachability.matrix import matrix

    found = [
        table.PathSummary(path.source, path.target, path.through, path.traffic & traffic)
        for path in table.path_summaries(network, matrix(network))
        if path.traffic & traffic
        and (source is None or path.source == endpoint(network, source).name)
        and (target is None or path.target == endpoint(network, target).name)
    ]
    if as_json:
        print_json(table.data(network, found))
        return
    from rich.table import Table

    every = [node.name for node in network.nodes.values()]
    printed = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("from", "to", "through", "traffic"):
        printed.add_column(title, overflow="fold")
    for row in table.rows(found):
        printed.add_row(
            table.joined(row.sources, every),
            table.joined(row.targets, every),
            ", ".join(row.through),
            traffics.describe(row.traffic),
        )
    console().print(printed)
    for text in table.assumed(network):
        click.echo(f"assumed: {text}")
