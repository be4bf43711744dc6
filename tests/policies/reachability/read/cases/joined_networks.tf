# Networks that are joined: peering, a transit gateway, a VPN, a service behind PrivateLink, gateway endpoints.

resource "aws_vpc" "hub" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc" "spoke" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_vpc" "far" {
  cidr_block = "10.2.0.0/16"
}

resource "aws_subnet" "hub" {
  vpc_id     = aws_vpc.hub.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_subnet" "spoke" {
  vpc_id     = aws_vpc.spoke.id
  cidr_block = "10.1.1.0/24"
}

resource "aws_subnet" "far" {
  vpc_id     = aws_vpc.far.id
  cidr_block = "10.2.1.0/24"
}

resource "aws_default_route_table" "hub" {
  default_route_table_id = aws_vpc.hub.default_route_table_id
  propagating_vgws       = [aws_vpn_gateway.office.id]
}

resource "aws_route_table" "spoke" {
  vpc_id = aws_vpc.spoke.id
}

resource "aws_main_route_table_association" "spoke" {
  vpc_id         = aws_vpc.spoke.id
  route_table_id = aws_route_table.spoke.id
}

# Peering: hub and spoke.

resource "aws_vpc_peering_connection" "hub_spoke" {
  vpc_id      = aws_vpc.hub.id
  peer_vpc_id = aws_vpc.spoke.id
  auto_accept = true
}

resource "aws_route" "hub_to_spoke" {
  route_table_id            = aws_vpc.hub.main_route_table_id
  destination_cidr_block    = aws_vpc.spoke.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection.hub_spoke.id
}

resource "aws_route" "spoke_to_hub" {
  route_table_id            = aws_route_table.spoke.id
  destination_cidr_block    = "10.0.1.0/24"
  vpc_peering_connection_id = aws_vpc_peering_connection.hub_spoke.id
}

# A transit gateway: spoke and far.

resource "aws_ec2_transit_gateway" "main" {
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "spoke" {
  transit_gateway_id = aws_ec2_transit_gateway.main.id
  vpc_id             = aws_vpc.spoke.id
  subnet_ids         = [aws_subnet.spoke.id]
}

resource "aws_ec2_transit_gateway_vpc_attachment" "far" {
  transit_gateway_id = aws_ec2_transit_gateway.main.id
  vpc_id             = aws_vpc.far.id
  subnet_ids         = [aws_subnet.far.id]
}

resource "aws_ec2_transit_gateway_route_table" "main" {
  transit_gateway_id = aws_ec2_transit_gateway.main.id
}

resource "aws_ec2_transit_gateway_route_table_association" "spoke" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.spoke.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
}

resource "aws_ec2_transit_gateway_route_table_association" "far" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.far.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "far" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.far.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
}

resource "aws_ec2_transit_gateway_route" "spoke" {
  destination_cidr_block         = "10.1.0.0/16"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.spoke.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
}

resource "aws_ec2_transit_gateway_route" "hole" {
  destination_cidr_block         = "10.1.1.128/25"
  blackhole                      = true
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
}

resource "aws_route" "spoke_to_far" {
  route_table_id         = aws_route_table.spoke.id
  destination_cidr_block = "10.2.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway.main.id
}

resource "aws_route" "far_to_spoke" {
  route_table_id         = aws_vpc.far.default_route_table_id
  destination_cidr_block = "10.1.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway.main.id
}

# A VPN: the office and the hub.

resource "aws_vpn_gateway" "office" {
  vpc_id = aws_vpc.hub.id
}

resource "aws_customer_gateway" "office" {
  bgp_asn    = 65000
  ip_address = "198.51.100.7"
  type       = "ipsec.1"
}

resource "aws_vpn_connection" "office" {
  vpn_gateway_id      = aws_vpn_gateway.office.id
  customer_gateway_id = aws_customer_gateway.office.id
  type                = "ipsec.1"
  static_routes_only  = true
}

resource "aws_vpn_connection_route" "office" {
  destination_cidr_block = "192.168.7.0/24"
  vpn_connection_id      = aws_vpn_connection.office.id
}

# PrivateLink: a service in far, used in hub.

resource "aws_lb" "service" {
  internal           = true
  load_balancer_type = "network"
  subnets            = [aws_subnet.far.id]
}

resource "aws_lb_target_group" "service" {
  port     = 8080
  protocol = "TCP"
  vpc_id   = aws_vpc.far.id
}

resource "aws_lb_listener" "service" {
  load_balancer_arn = aws_lb.service.arn
  port              = 80
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.service.arn
  }
}

resource "aws_lb_target_group_attachment" "service" {
  target_group_arn = aws_lb_target_group.service.arn
  target_id        = aws_instance.far.id
}

resource "aws_vpc_endpoint_service" "service" {
  acceptance_required        = false
  network_load_balancer_arns = [aws_lb.service.arn]
}

resource "aws_vpc_endpoint" "service" {
  vpc_id             = aws_vpc.hub.id
  service_name       = aws_vpc_endpoint_service.service.service_name
  vpc_endpoint_type  = "Interface"
  subnet_ids         = [aws_subnet.hub.id]
  security_group_ids = [aws_security_group.endpoint.id]
}

resource "aws_security_group" "endpoint" {
  vpc_id = aws_vpc.hub.id
}

resource "aws_vpc_security_group_ingress_rule" "endpoint" {
  security_group_id            = aws_security_group.endpoint.id
  ip_protocol                  = "tcp"
  from_port                    = 80
  to_port                      = 80
  referenced_security_group_id = aws_security_group.hub.id
}

# S3 for the spoke.

data "aws_vpc_endpoint_service" "s3" {
  service      = "s3"
  service_type = "Gateway"
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.spoke.id
  service_name = data.aws_vpc_endpoint_service.s3.service_name
}

resource "aws_vpc_endpoint_route_table_association" "s3" {
  vpc_endpoint_id = aws_vpc_endpoint.s3.id
  route_table_id  = aws_route_table.spoke.id
}

# Instances.

resource "aws_security_group" "hub" {
  vpc_id = aws_vpc.hub.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["192.168.0.0/16"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "spoke" {
  vpc_id = aws_vpc.spoke.id
  ingress {
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    security_groups = [aws_security_group.hub.id]
  }
  egress {
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    prefix_list_ids = [aws_vpc_endpoint.s3.prefix_list_id]
  }
  egress {
    from_port   = 8080
    to_port     = 8080
    protocol    = "tcp"
    cidr_blocks = [aws_vpc.far.cidr_block]
  }
}

resource "aws_security_group" "far" {
  vpc_id = aws_vpc.far.id
  ingress {
    from_port       = 8080
    to_port         = 8080
    protocol        = "tcp"
    cidr_blocks     = ["10.0.0.0/8"]
    prefix_list_ids = []
  }
}

resource "aws_instance" "hub" {
  ami                    = "ami-1"
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.hub.id
  vpc_security_group_ids = [aws_security_group.hub.id]
}

resource "aws_instance" "spoke" {
  ami                    = "ami-1"
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.spoke.id
  vpc_security_group_ids = [aws_security_group.spoke.id]
  private_ip             = "10.1.1.20"
}

resource "aws_instance" "far" {
  ami                    = "ami-1"
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.far.id
  vpc_security_group_ids = [aws_security_group.far.id]
}
