# Two spokes, a site and a VPC with an appliance around one transit gateway. The spokes reach each other and the site through
# the appliance; a third spoke is attached and in no table.

resource "aws_ec2_transit_gateway" "hub" {
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
}

resource "aws_vpc" "spoke" {
  count      = 3
  cidr_block = "10.${count.index}.0.0/16"
}

resource "aws_subnet" "spoke" {
  count      = 3
  vpc_id     = aws_vpc.spoke[count.index].id
  cidr_block = "10.${count.index}.1.0/24"
}

resource "aws_route" "spoke" {
  count                  = 3
  route_table_id         = aws_vpc.spoke[count.index].main_route_table_id
  destination_cidr_block = "0.0.0.0/0"
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
}

resource "aws_security_group" "spoke" {
  count  = 3
  vpc_id = aws_vpc.spoke[count.index].id

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8", "192.168.0.0/16"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "spoke" {
  count                  = 3
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.spoke[count.index].id
  vpc_security_group_ids = [aws_security_group.spoke[count.index].id]
}

resource "aws_ec2_transit_gateway_vpc_attachment" "spoke" {
  count              = 3
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.spoke[count.index].id
  subnet_ids         = [aws_subnet.spoke[count.index].id]
}

# The VPC in the middle.

resource "aws_vpc" "middle" {
  cidr_block = "10.9.0.0/16"
}

resource "aws_subnet" "middle" {
  vpc_id     = aws_vpc.middle.id
  cidr_block = "10.9.1.0/24"
}

resource "aws_route" "middle" {
  route_table_id         = aws_vpc.middle.main_route_table_id
  destination_cidr_block = "0.0.0.0/0"
  vpc_endpoint_id        = "vpce-0123456789abcdef0"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "middle" {
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
  vpc_id                 = aws_vpc.middle.id
  subnet_ids             = [aws_subnet.middle.id]
  appliance_mode_support = "enable"
}

# The site.

resource "aws_customer_gateway" "site" {
  bgp_asn    = 65000
  ip_address = "198.51.100.7"
  type       = "ipsec.1"
}

resource "aws_vpn_connection" "site" {
  transit_gateway_id  = aws_ec2_transit_gateway.hub.id
  customer_gateway_id = aws_customer_gateway.site.id
  type                = "ipsec.1"
}

# Everything goes to the middle.

resource "aws_ec2_transit_gateway_route_table" "outer" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}

resource "aws_ec2_transit_gateway_route_table_association" "spoke" {
  count                          = 2
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.spoke[count.index].id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.outer.id
}

resource "aws_ec2_transit_gateway_route_table_association" "site" {
  transit_gateway_attachment_id  = aws_vpn_connection.site.transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.outer.id
}

resource "aws_ec2_transit_gateway_route" "outer" {
  destination_cidr_block         = "0.0.0.0/0"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.middle.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.outer.id
}
