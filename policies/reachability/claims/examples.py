"""Terraform that shows what a claim allows and what it does not: parts of a system by the names that cdktf gives them.

Each function returns the HCL of one part; a rule's examples are a few of them in a row.
"""

from __future__ import annotations

from policies.library.examples import group_rule

NETWORK = """\
resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "meals" {
  vpc_id = aws_vpc.meals.id
}
resource "aws_subnet" "network_replica-1_public-subnet_89E2E8C2" {
  vpc_id     = aws_vpc.meals.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "network_replica-1_private-subnet_D7636063" {
  vpc_id     = aws_vpc.meals.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.meals.id
}
resource "aws_route" "public" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.meals.id
}
resource "aws_route_table_association" "public" {
  route_table_id = aws_route_table.public.id
  subnet_id      = aws_subnet.network_replica-1_public-subnet_89E2E8C2.id
}
resource "aws_route_table" "private" {
  vpc_id = aws_vpc.meals.id
}
resource "aws_route_table_association" "private" {
  route_table_id = aws_route_table.private.id
  subnet_id      = aws_subnet.network_replica-1_private-subnet_D7636063.id
}
"""
"""A VPC with a public subnet, and a private one whose route table leads nowhere."""

NAT_GATEWAY = """\
resource "aws_eip" "nat" {
  domain = "vpc"
}
resource "aws_nat_gateway" "nat" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.network_replica-1_public-subnet_89E2E8C2.id
}
resource "aws_route" "private" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.nat.id
}
"""
"""A way from the private subnet of `NETWORK` to the internet."""

PRIVATE_TO_INTERNET = """\
resource "aws_route" "private" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.meals.id
}
"""
"""A way from the internet to the private subnet of `NETWORK`, and back."""

GATEWAY_ENDPOINTS = """\
resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.meals.id
  service_name    = "com.amazonaws.us-east-1.s3"
  route_table_ids = [aws_route_table.private.id, aws_route_table.public.id]
}
resource "aws_vpc_endpoint" "dynamodb" {
  vpc_id          = aws_vpc.meals.id
  service_name    = "com.amazonaws.us-east-1.dynamodb"
  route_table_ids = [aws_route_table.private.id, aws_route_table.public.id]
}
"""
"""The gateway endpoints of S3 and DynamoDB, in both route tables of `NETWORK`."""

_PUBLIC, _PRIVATE = (
    f"aws_subnet.network_replica-1_{name}.id" for name in ("public-subnet_89E2E8C2", "private-subnet_D7636063")
)
_SERVERS = {
    "core": "servers_core-server_scaling-group_6C523D81",
    "ordering": "servers_ordering-server_scaling-group_F276E2A2",
    "event_store": "event-store_server_scaling-group_6A3C6F9D",
    "purchase_gateway": "purchase-gateway_server_scaling-group_889AB497",
}
_BALANCERS = {"public": "edge_public_load-balancer_95678F9E", "internal": "edge_private-load-balancer_8EF5E8C0"}
_TARGET_GROUPS = {
    "core": "edge_public_load-balancer_core-server_BE6784EA",
    "ordering": "edge_public_load-balancer_ordering-server_B5CB92D0",
    "event_store": "edge_private-load-balancer_event-store_FC94C88E",
    "purchase_gateway": "edge_private-load-balancer_purchase-gateway_D71FAD3C",
}


def server(name: str) -> str:
    """A kind of server with its security group, in the public or the private subnet of `NETWORK`."""
    is_public = name in ("core", "ordering")
    return f"""\
resource "aws_launch_template" "{name}" {{
  network_interfaces {{
    associate_public_ip_address = "{str(is_public).lower()}"
    security_groups             = [aws_security_group.{name}.id]
  }}
}}
resource "aws_autoscaling_group" "{_SERVERS[name]}" {{
  max_size            = 2
  min_size            = 1
  vpc_zone_identifier = [{_PUBLIC if is_public else _PRIVATE}]
  launch_template {{
    id = aws_launch_template.{name}.id
  }}
}}
{group(name)}"""


def broker(is_public: bool = False) -> str:
    """The broker with its security group."""
    return f"""\
resource "aws_mq_broker" "messaging_broker_F6BDD6B2" {{
  broker_name         = "meals"
  engine_type         = "RabbitMQ"
  publicly_accessible = {str(is_public).lower()}
  security_groups     = [aws_security_group.broker.id]
  subnet_ids          = [{_PRIVATE}]
}}
{group("broker")}"""


def cluster() -> str:
    """The brokers of the stream with their security group."""
    return f"""\
resource "aws_msk_cluster" "streaming_cluster_6FC87717" {{
  cluster_name = "meals"
  broker_node_group_info {{
    client_subnets  = [{_PRIVATE}]
    security_groups = [aws_security_group.cluster.id]
  }}
}}
{group("cluster")}"""


def pipe() -> str:
    """A pipe that reads the stream, in the subnets and the security group of its brokers."""
    return """\
resource "aws_pipes_pipe" "streaming_notification-requests_meal-ready_B2798673" {
  name     = "meal-ready"
  role_arn = "arn:aws:iam::111111111111:role/pipes"
  source   = aws_msk_cluster.streaming_cluster_6FC87717.arn
  target   = "arn:aws:sns:us-east-1:111111111111:meal-ready"
}
"""


def endpoint() -> str:
    """An interface endpoint with its security group."""
    return f"""\
resource "aws_vpc_endpoint" "network_interface-endpoints_kms_875F32AD" {{
  vpc_id             = aws_vpc.meals.id
  service_name       = "com.amazonaws.us-east-1.kms"
  vpc_endpoint_type  = "Interface"
  subnet_ids         = [{_PRIVATE}]
  security_group_ids = [aws_security_group.endpoint.id]
}}
{group("endpoint")}"""


def load_balancer(name: str) -> str:
    """The `public` or the `internal` load balancer with its security group."""
    is_public = name == "public"
    return f"""\
resource "aws_lb" "{_BALANCERS[name]}" {{
  internal           = {str(not is_public).lower()}
  load_balancer_type = "application"
  subnets            = [{_PUBLIC if is_public else _PRIVATE}]
  security_groups    = [aws_security_group.{name}.id]
}}
{group(name)}"""


def forward(balancer: str, name: str, front: int, back: int) -> str:
    """A listener of a load balancer that forwards to a kind of server."""
    return f"""\
resource "aws_lb_target_group" "{_TARGET_GROUPS[name]}" {{
  vpc_id   = aws_vpc.meals.id
  protocol = "HTTPS"
  port     = {back}
  health_check {{
    port = "traffic-port"
  }}
}}
resource "aws_autoscaling_attachment" "{name}" {{
  autoscaling_group_name = aws_autoscaling_group.{_SERVERS[name]}.name
  lb_target_group_arn    = aws_lb_target_group.{_TARGET_GROUPS[name]}.arn
}}
resource "aws_lb_listener" "{name}" {{
  load_balancer_arn = aws_lb.{_BALANCERS[balancer]}.arn
  protocol          = "HTTPS"
  port              = {front}
  default_action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.{_TARGET_GROUPS[name]}.arn
  }}
}}
"""


def redirect() -> str:
    """Port 80 of the public load balancer, which only redirects."""
    return f"""\
resource "aws_lb_listener" "http" {{
  load_balancer_arn = aws_lb.{_BALANCERS["public"]}.arn
  protocol          = "HTTP"
  port              = 80
  default_action {{
    type = "redirect"
    redirect {{
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }}
  }}
}}
"""


def group(name: str) -> str:
    """A security group without any rule."""
    return f"""\
resource "aws_security_group" "{name}" {{
  vpc_id = aws_vpc.meals.id
}}
"""


def path(client: str, server: str, port: int) -> str:
    """The two rules that let one security group open connections to another."""
    return group_rule("ingress", f"{server}_from_{client}_{port}", group=server, peer=client, port=port) + group_rule(
        "egress", f"{client}_to_{server}_{port}", group=client, peer=server, port=port
    )


def accept(server: str, cidr: str, port: int) -> str:
    """The rule that lets a network open connections to a security group."""
    return group_rule("ingress", f"{server}_ingress_{port}", group=server, peer=cidr, port=port)


def connect(client: str, cidr: str, port: int) -> str:
    """The rule that lets a security group open connections to a network."""
    return group_rule("egress", f"{client}_egress_{port}", group=client, peer=cidr, port=port)


def connect_to_service(client: str, service: str) -> str:
    """The rule that lets a security group open connections to a service with an endpoint of `GATEWAY_ENDPOINTS`."""
    return f"""\
resource "aws_vpc_security_group_egress_rule" "{client}_to_{service}" {{
  security_group_id = aws_security_group.{client}.id
  prefix_list_id    = aws_vpc_endpoint.{service}.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}}
"""


PUBLIC_SIDE = (
    NETWORK
    + load_balancer("public")
    + redirect()
    + server("core")
    + forward("public", "core", 443, 8443)
    + accept("public", "0.0.0.0/0", 443)
    + accept("public", "0.0.0.0/0", 80)
    + path("public", "core", 8443)
    + path("core", "core", 8443)
)
"""The public load balancer and a kind of public server, with every connection that the claims allow them."""

EVENT_STORE_SIDE = (
    NETWORK
    + load_balancer("internal")
    + server("event_store")
    + server("core")
    + forward("internal", "event_store", 2113, 2113)
    + path("core", "internal", 2113)
    + path("internal", "event_store", 2113)
    + path("event_store", "event_store", 2113)
)
"""The internal load balancer, the event store and one of its clients, with every connection that the claims allow."""
