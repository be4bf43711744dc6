"""Load balancers that are declared elsewhere, and ones of which something is not known."""

from __future__ import annotations

from policies.reachability import traffic
from policies.reachability.intervals import NOTHING
from tests.support.hcl import NETWORK, SERVER, UNKNOWN, resource
from tests.support.reachability_text import assumed, forwards
from tests.support.reading import ReadHcl

SERVERS = (
    NETWORK
    + SERVER
    + resource("aws_lb_target_group.t", port=8080, protocol="HTTP", vpc_id="aws_vpc.v.id")
    + resource(
        "aws_lb_target_group_attachment.a", target_group_arn="aws_lb_target_group.t.arn", target_id="aws_instance.i.id"
    )
    + UNKNOWN
)
BALANCER = resource("aws_lb.b", subnets=["aws_subnet.s.id"], load_balancer_type="network")


def listener(balancer: str, action: str, protocol: str = "HTTP", port: str = "80") -> str:
    """A listener with one action."""
    return f"""
    resource "aws_lb_listener" "l" {{
      load_balancer_arn = {balancer}
      port              = {port}
      protocol          = "{protocol}"
      default_action {{
        {action}
      }}
    }}
    """


FORWARD = 'type = "forward"\ntarget_group_arn = aws_lb_target_group.t.arn'


def test_a_load_balancer_that_is_declared_elsewhere_is_public(network: ReadHcl) -> None:
    found = network(SERVERS + listener("var.unknown", FORWARD))
    node = found.nodes["var.unknown"]
    assert (node.name, node.is_public, node.vpc) == ("var.unknown", True, "aws_vpc.v")
    assert traffic.describe(node.listens or NOTHING) == "tcp 80"
    assert forwards(found) == ["var.unknown tcp 80 -> aws_instance.i tcp 8080"]
    assert "var.unknown is not declared here: taken for one that the internet reaches" in " ".join(assumed(found))


def test_a_load_balancer_that_is_looked_up(network: ReadHcl) -> None:
    found = network(SERVERS + resource("data.aws_lb.b", name="b") + listener("data.aws_lb.b.arn", FORWARD))
    assert found.nodes["data.aws_lb.b"].is_public
    assert forwards(found) == ["data.aws_lb.b tcp 80 -> aws_instance.i tcp 8080"]


def test_a_target_group_that_is_declared_elsewhere_has_a_load_balancer(network: ReadHcl) -> None:
    main = SERVERS.replace("= aws_lb_target_group.t.arn", '= "arn:elsewhere"')
    found = network(main)
    key = "the load balancer of arn:elsewhere"
    assert found.nodes[key].is_public
    assert forwards(found) == [
        f"{key} every tcp port -> aws_instance.i every tcp port",
        f"{key} every udp port -> aws_instance.i every udp port",
    ]


def test_a_rule_of_a_listener_that_is_declared_elsewhere(network: ReadHcl) -> None:
    found = network(
        SERVERS
        + f"""
    resource "aws_lb_listener_rule" "r" {{
      listener_arn = var.unknown
      action {{
        {FORWARD}
      }}
    }}
    """
    )
    assert forwards(found) == ["the load balancer of var.unknown every tcp port -> aws_instance.i tcp 8080"]


def test_what_is_not_known_of_a_listener_is_every_port(network: ReadHcl) -> None:
    found = network(SERVERS + BALANCER + listener("aws_lb.b.arn", FORWARD, "TCP", "var.unknown"))
    assert forwards(found) == ["aws_lb.b every tcp port -> aws_instance.i tcp 8080 kept"]


def test_an_unknown_action_may_forward_anywhere(network: ReadHcl) -> None:
    found = network(SERVERS + BALANCER + listener("aws_lb.b.arn", "type = var.unknown", "TCP"))
    assert forwards(found) == ["aws_lb.b tcp 80 -> aws_instance.i tcp 8080 kept"]


def test_an_unknown_target_group_is_any(network: ReadHcl) -> None:
    action = 'type = "forward"\ntarget_group_arn = var.unknown'
    found = network(SERVERS + BALANCER + listener("aws_lb.b.arn", action, "TCP"))
    assert forwards(found) == ["aws_lb.b tcp 80 -> aws_instance.i tcp 8080 kept"]


def test_whether_clients_are_kept_is_not_known(network: ReadHcl) -> None:
    main = SERVERS.replace("port = 8080", "port = 8080\npreserve_client_ip = var.unknown")
    found = network(main + BALANCER + listener("aws_lb.b.arn", FORWARD, "TCP"))
    assert forwards(found) == [
        "aws_lb.b tcp 80 -> aws_instance.i tcp 8080",
        "aws_lb.b tcp 80 -> aws_instance.i tcp 8080 kept",
    ]


def test_a_load_balancer_without_listeners_listens_on_nothing(network: ReadHcl) -> None:
    found = network(SERVERS + BALANCER)
    assert found.nodes["aws_lb.b"].listens == NOTHING
    assert found.forwards == ()


def test_a_function_as_target_is_not_reached_over_its_interfaces(network: ReadHcl) -> None:
    main = resource(
        "aws_lambda_function.f",
        function_name="f",
        vpc_config={"subnet_ids": ["aws_subnet.s.id"], "security_group_ids": []},
    )
    found = network(
        SERVERS.replace("aws_instance.i.id", "aws_lambda_function.f.arn")
        + main
        + BALANCER
        + listener("aws_lb.b.arn", FORWARD)
    )
    assert found.forwards == ()
