# One VPC with services of AWS in front of a load balancer and a database, and clients of a VPN.

resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "open" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 0
    to_port     = 65535
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 65535
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "b" {
  internal        = true
  subnets         = [aws_subnet.s.id]
  security_groups = [aws_security_group.lb.id]
}

resource "aws_lb_listener" "l" {
  load_balancer_arn = aws_lb.b.arn
  port              = 8080
  protocol          = "HTTP"
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
    }
  }
}

resource "aws_instance" "client" {
  subnet_id              = aws_subnet.s.id
  vpc_security_group_ids = [aws_security_group.open.id]
}

resource "aws_security_group" "lb" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 0
    to_port     = 65535
    protocol    = "tcp"
    cidr_blocks = ["203.0.113.0/24", "169.254.171.0/24", "10.0.0.0/16"]
  }
  egress {
    from_port   = 0
    to_port     = 65535
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_apigatewayv2_vpc_link" "k" {
  subnet_ids         = [aws_subnet.s.id]
  security_group_ids = [aws_security_group.link.id]
}

resource "aws_security_group" "link" {
  vpc_id = aws_vpc.v.id
  egress {
    from_port   = 0
    to_port     = 65535
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_apigatewayv2_integration" "w" {
  api_id          = "api"
  connection_type = "VPC_LINK"
  connection_id   = aws_apigatewayv2_vpc_link.k.id
  integration_uri = aws_lb_listener.l.arn
}

resource "aws_vpc_security_group_ingress_rule" "r" {
  security_group_id            = aws_security_group.lb.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
  referenced_security_group_id = aws_security_group.link.id
}

resource "aws_globalaccelerator_endpoint_group" "g" {
  listener_arn = "arn"
  endpoint_configuration {
    endpoint_id = aws_lb.b.arn
  }
}

resource "aws_cloudfront_vpc_origin" "o" {
  vpc_origin_endpoint_config {
    name       = "o"
    arn        = aws_lb.b.arn
    http_port  = 8080
    https_port = 8443
  }
}

resource "aws_security_group" "db" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.open.id]
  }
}

resource "aws_db_subnet_group" "d" {
  name       = "d"
  subnet_ids = [aws_subnet.s.id]
}

resource "aws_db_instance" "db" {
  identifier             = "db"
  engine                 = "postgres"
  port                   = 5432
  db_subnet_group_name   = aws_db_subnet_group.d.name
  vpc_security_group_ids = [aws_security_group.db.id]
}

resource "aws_db_proxy" "p" {
  name                   = "p"
  engine_family          = "POSTGRESQL"
  vpc_subnet_ids         = [aws_subnet.s.id]
  vpc_security_group_ids = [aws_security_group.open.id]
}

resource "aws_db_proxy_target" "t" {
  db_proxy_name          = aws_db_proxy.p.name
  db_instance_identifier = aws_db_instance.db.identifier
}

resource "aws_vpclattice_service_network" "n" {
  name = "n"
}

resource "aws_vpclattice_service" "s" {
  name = "s"
}

resource "aws_vpclattice_service_network_vpc_association" "w" {
  vpc_identifier             = aws_vpc.v.id
  service_network_identifier = aws_vpclattice_service_network.n.id
}

resource "aws_vpclattice_service_network_service_association" "w" {
  service_identifier         = aws_vpclattice_service.s.id
  service_network_identifier = aws_vpclattice_service_network.n.id
}

resource "aws_vpclattice_target_group" "t" {
  name = "t"
  type = "ALB"
  config {
    port = 8080
  }
}

resource "aws_vpclattice_listener" "l" {
  service_identifier = aws_vpclattice_service.s.id
  port               = 443
  protocol           = "HTTPS"
  default_action {
    forward {
      target_groups {
        target_group_identifier = aws_vpclattice_target_group.t.id
      }
    }
  }
}

resource "aws_vpclattice_target_group_attachment" "t" {
  target_group_identifier = aws_vpclattice_target_group.t.id
  target {
    id   = aws_lb.b.arn
    port = 8080
  }
}

resource "aws_ec2_client_vpn_endpoint" "v" {
  client_cidr_block  = "172.20.0.0/22"
  vpc_id             = aws_vpc.v.id
  security_group_ids = [aws_security_group.open.id]
}

resource "aws_ec2_client_vpn_network_association" "v" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.v.id
  subnet_id              = aws_subnet.s.id
}

resource "aws_ec2_client_vpn_authorization_rule" "v" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.v.id
  target_network_cidr    = "10.0.0.0/16"
  authorize_all_groups   = true
}
