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
    type = "redirect"
  }
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.balancer.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "redirect" {
  security_group_id = aws_security_group.balancer.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = "80"
}

resource "aws_security_group" "inside" {
  name = "inside"
  ingress {
    from_port       = 0
    to_port         = 0
    protocol        = "-1"
    self            = true
    security_groups = [aws_security_group.balancer.id]
  }
  ingress {
    from_port        = 22
    to_port          = 22
    protocol         = "tcp"
    cidr_blocks      = ["10.0.0.0/8", aws_vpc.meals.cidr_block]
    ipv6_cidr_blocks = ["fd00::/8"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

data "aws_ec2_managed_prefix_list" "cloudfront" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}

resource "aws_security_group_rule" "from_cloudfront" {
  type              = "ingress"
  security_group_id = aws_security_group.balancer.id
  prefix_list_ids   = [data.aws_ec2_managed_prefix_list.cloudfront.id]
  protocol          = "tcp"
  from_port         = 8443
  to_port           = 8443
}

resource "aws_ec2_managed_prefix_list" "office" {
  name           = "office"
  address_family = "IPv4"
  max_entries    = 1
  entry {
    cidr = "198.51.100.0/24"
  }
}

resource "aws_vpc_security_group_ingress_rule" "from_office" {
  security_group_id = aws_security_group.inside.id
  prefix_list_id    = aws_ec2_managed_prefix_list.office.id
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
}

resource "aws_security_group_rule" "out" {
  type              = "egress"
  security_group_id = aws_security_group.inside.id
  cidr_blocks       = ["0.0.0.0/0"]
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
}

resource "aws_security_group" "partners" {
  name = "partners"
  ingress {
    from_port   = 8443
    to_port     = 8443
    protocol    = "tcp"
    cidr_blocks = ["2.0.0.0/8"]
  }
}

resource "aws_vpc_security_group_ingress_rule" "partner_on_another_port" {
  security_group_id = aws_security_group.partners.id
  cidr_ipv4         = "3.0.0.0/8"
  ip_protocol       = "tcp"
  from_port         = 9443
  to_port           = 9443
}

resource "aws_vpc_security_group_ingress_rule" "small_partner" {
  security_group_id = aws_security_group.partners.id
  cidr_ipv4         = "8.8.8.0/24"
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
}

resource "aws_vpc_security_group_ingress_rule" "partner_of_another_group" {
  security_group_id = "sg-0123456789abcdef0"
  cidr_ipv4         = "3.0.0.0/8"
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
}

resource "aws_lightsail_instance_public_ports" "https" {
  instance_name = "server"

  port_info {
    protocol  = "tcp"
    from_port = 443
    to_port   = 443
  }

  port_info {
    protocol  = "tcp"
    from_port = 22
    to_port   = 22
    cidrs     = ["10.0.0.0/8"]
  }
}

resource "aws_gamelift_fleet" "partners" {
  name = "partners"

  ec2_inbound_permission {
    protocol  = "TCP"
    from_port = 8443
    to_port   = 8443
    ip_range  = "198.51.100.0/24"
  }
}

resource "aws_medialive_input_security_group" "studio" {
  whitelist_rules {
    cidr = "198.51.100.0/24"
  }
}
