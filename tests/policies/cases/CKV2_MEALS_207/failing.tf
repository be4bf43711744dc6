resource "aws_security_group" "balancer" {
  name = "balancer"
}

resource "aws_lb" "edge" {
  security_groups = [aws_security_group.balancer.id]
}

resource "aws_lb_listener" "redirect" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 80
  default_action {
    type = "forward"
  }
}

variable "callers" {
  type = list(string)
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "all_traffic" {
  security_group_id = aws_security_group.balancer.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

# The listener forwards.
# expect: fail
resource "aws_vpc_security_group_ingress_rule" "http" {
  security_group_id = aws_security_group.balancer.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "ipv6" {
  security_group_id = aws_security_group.balancer.id
  cidr_ipv6         = "0::/0"
  ip_protocol       = "tcp"
  from_port         = 9094
  to_port           = 9094
}

# expect: fail
resource "aws_security_group" "halves" {
  name = "halves"
  ingress {
    from_port = 443
    to_port   = 443
    protocol  = "tcp"
    self      = true
  }
  ingress {
    from_port   = 8443
    to_port     = 8443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/1", "128.0.0.0/1"]
  }
}

# expect: fail
resource "aws_security_group" "listed" {
  name = "listed"
  ingress = [{
    from_port        = 22
    to_port          = 22
    protocol         = "6"
    self             = true
    cidr_blocks      = ["10.0.0.0/8", "0.0.0.0/0"]
    ipv6_cidr_blocks = []
    prefix_list_ids  = []
    security_groups  = []
    description      = ""
  }]
}

# expect: fail
resource "aws_security_group" "dynamic" {
  name = "dynamic"
  dynamic "ingress" {
    for_each = [22, 443]
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

resource "aws_ec2_managed_prefix_list" "everyone" {
  name           = "everyone"
  address_family = "IPv4"
  max_entries    = 2
  entry {
    cidr = "0.0.0.0/1"
  }
}

resource "aws_ec2_managed_prefix_list_entry" "other_half" {
  prefix_list_id = aws_ec2_managed_prefix_list.everyone.id
  cidr           = "128.0.0.0/1"
}

# expect: fail
resource "aws_security_group_rule" "prefix_list" {
  type              = "ingress"
  security_group_id = aws_security_group.balancer.id
  prefix_list_ids   = [aws_ec2_managed_prefix_list.everyone.id]
  protocol          = "tcp"
  from_port         = 8443
  to_port           = 8443
}

# expect: unknown
resource "aws_security_group_rule" "unknown" {
  type              = "ingress"
  security_group_id = aws_security_group.balancer.id
  cidr_blocks       = var.callers
  protocol          = "tcp"
  from_port         = 8443
  to_port           = 8443
}

# expect: unknown
resource "aws_security_group_rule" "unknown_list" {
  type              = "ingress"
  security_group_id = aws_security_group.balancer.id
  prefix_list_ids   = ["pl-0123456789abcdef0"]
  protocol          = "tcp"
  from_port         = 8443
  to_port           = 8443
}

# expect: fail
resource "aws_security_group" "server" {
  name = "server"
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "server" {
  vpc_security_group_ids = [aws_security_group.server.id]
}

# expect: fail
resource "aws_db_security_group" "old" {
  name = "old"
  ingress {
    cidr = "0.0.0.0/0"
  }
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "lower_half" {
  security_group_id = aws_security_group.balancer.id
  cidr_ipv4         = "0.0.0.0/1"
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "upper_half" {
  security_group_id = aws_security_group.balancer.id
  cidr_ipv4         = "128.0.0.0/1"
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "host_bits" {
  security_group_id = aws_security_group.balancer.id
  cidr_ipv4         = "10.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
}

# expect: fail
resource "aws_security_group" "host_bits" {
  name = "host-bits"
  ingress {
    from_port   = 8443
    to_port     = 8443
    protocol    = "tcp"
    cidr_blocks = ["192.168.1.1/32", "1.2.3.4/0"]
  }
}

# expect: fail
resource "aws_security_group" "in_parts" {
  name = "in-parts"
  ingress {
    from_port   = 8440
    to_port     = 8449
    protocol    = "tcp"
    cidr_blocks = ["2.0.0.0/8", "4.0.0.0/8"]
  }
  ingress {
    from_port   = 9443
    to_port     = 9443
    protocol    = "tcp"
    cidr_blocks = ["6.0.0.0/8"]
  }
}

# expect: fail
resource "aws_vpc_security_group_ingress_rule" "other_part" {
  security_group_id = aws_security_group.in_parts.id
  cidr_ipv4         = "3.0.0.0/8"
  ip_protocol       = "-1"
}

# expect: fail
resource "aws_security_group_rule" "parts" {
  for_each          = toset(["2.0.0.0/8", "3.0.0.0/8"])
  type              = "ingress"
  security_group_id = "sg-0123456789abcdef0"
  cidr_blocks       = [each.value]
  protocol          = "tcp"
  from_port         = 8443
  to_port           = 8443
}

data "aws_ec2_managed_prefix_list" "partners" {
  name = "partners"
}

# expect: unknown
resource "aws_security_group_rule" "looked_up_list" {
  type              = "ingress"
  security_group_id = aws_security_group.balancer.id
  prefix_list_ids   = [data.aws_ec2_managed_prefix_list.partners.id]
  protocol          = "tcp"
  from_port         = 8443
  to_port           = 8443
}

# expect: fail
resource "aws_lightsail_instance_public_ports" "ssh" {
  instance_name = "server"

  port_info {
    protocol  = "tcp"
    from_port = 22
    to_port   = 22
  }
}

# expect: fail
resource "aws_gamelift_fleet" "ssh" {
  name = "ssh"

  ec2_inbound_permission {
    protocol  = "TCP"
    from_port = 22
    to_port   = 22
    ip_range  = "0.0.0.0/0"
  }
}

variable "players" {
  type = string
}

# expect: unknown
resource "aws_gamelift_fleet" "unknown" {
  name = "unknown"

  ec2_inbound_permission {
    protocol  = "UDP"
    from_port = 7777
    to_port   = 7777
    ip_range  = var.players
  }
}

# expect: fail
resource "aws_medialive_input_security_group" "everyone" {
  whitelist_rules {
    cidr = "0.0.0.0/0"
  }
}

# expect: fail
resource "aws_medialive_input_security_group" "halves" {
  whitelist_rules {
    cidr = "0.0.0.0/1"
  }

  whitelist_rules {
    cidr = "128.0.0.0/1"
  }
}
