# Load balancers of each kind, and each kind of target, in one VPC whose subnets have their main route table.

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
}

resource "aws_internet_gateway_attachment" "main" {
  internet_gateway_id = aws_internet_gateway.main.id
  vpc_id              = aws_vpc.main.id
}

resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.main.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_subnet" "front" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_subnet" "back" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.2.0/24"
}

# A network load balancer with security groups, which others refer to.

resource "aws_security_group" "nlb" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 0
    to_port     = 65535
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "nlb" {
  load_balancer_type = "network"
  security_groups    = [aws_security_group.nlb.id]
  subnet_mapping {
    subnet_id = aws_subnet.front.id
  }
}

resource "aws_lb_target_group" "instances" {
  port     = 8000
  protocol = "TCP"
  vpc_id   = aws_vpc.main.id
}

resource "aws_lb_target_group" "hidden" {
  port               = 8001
  protocol           = "TCP"
  vpc_id             = aws_vpc.main.id
  preserve_client_ip = "false"
}

resource "aws_lb_target_group" "addresses" {
  port        = 8002
  protocol    = "TCP"
  target_type = "ip"
  vpc_id      = aws_vpc.main.id
}

resource "aws_lb_target_group" "dns" {
  port        = 53
  protocol    = "TCP_UDP"
  target_type = "ip"
  vpc_id      = aws_vpc.main.id
}

resource "aws_lb_target_group" "alb" {
  port        = 443
  protocol    = "TCP"
  target_type = "alb"
  vpc_id      = aws_vpc.main.id
}

resource "aws_lb_listener" "nlb" {
  for_each = {
    instances = { port = 80, protocol = "TCP", group = aws_lb_target_group.instances.arn }
    hidden    = { port = 81, protocol = "TLS", group = aws_lb_target_group.hidden.arn }
    addresses = { port = 82, protocol = "TCP", group = aws_lb_target_group.addresses.arn }
    dns       = { port = 53, protocol = "TCP_UDP", group = aws_lb_target_group.dns.arn }
    alb       = { port = 443, protocol = "TCP", group = aws_lb_target_group.alb.arn }
  }
  load_balancer_arn = aws_lb.nlb.arn
  port              = each.value.port
  protocol          = each.value.protocol
  default_action {
    type             = "forward"
    target_group_arn = each.value.group
  }
}

resource "aws_lb_target_group_attachment" "instance" {
  target_group_arn = aws_lb_target_group.instances.arn
  target_id        = aws_instance.server.id
}

resource "aws_lb_target_group_attachment" "hidden" {
  target_group_arn = aws_lb_target_group.hidden.arn
  target_id        = aws_instance.server.id
  port             = 9001
}

resource "aws_lb_target_group_attachment" "address" {
  target_group_arn = aws_lb_target_group.addresses.arn
  target_id        = aws_instance.server.private_ip
}

resource "aws_lb_target_group_attachment" "dns" {
  target_group_arn = aws_lb_target_group.dns.arn
  target_id        = "10.0.2.40"
}

resource "aws_lb_target_group_attachment" "alb" {
  target_group_arn = aws_lb_target_group.alb.arn
  target_id        = aws_lb.alb.arn
}

# An internal application load balancer behind it: rules, weights, redirects, fixed responses.

resource "aws_security_group" "alb" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    security_groups = [aws_security_group.nlb.id]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["10.0.0.0/16"]
  }
}

resource "aws_lb" "alb" {
  internal        = true
  security_groups = [aws_security_group.alb.id]
  subnets         = [aws_subnet.front.id, aws_subnet.back.id]
}

resource "aws_lb_listener" "alb_https" {
  load_balancer_arn = aws_lb.alb.arn
  port              = "443"
  protocol          = "HTTPS"
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener" "alb_http" {
  load_balancer_arn = aws_lb.alb.arn
  port              = "80"
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener_rule" "weighted" {
  listener_arn = aws_lb_listener.alb_https.arn
  action {
    type = "forward"
    forward {
      target_group {
        arn    = aws_lb_target_group.blue.arn
        weight = 80
      }
      target_group {
        arn    = aws_lb_target_group.green.arn
        weight = 20
      }
    }
  }
  condition {
    path_pattern {
      values = ["/*"]
    }
  }
}

resource "aws_lb_target_group" "blue" {
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}

resource "aws_lb_target_group" "green" {
  port        = 8081
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.main.id
}

resource "aws_autoscaling_group" "blue" {
  min_size            = 1
  max_size            = 1
  vpc_zone_identifier = [aws_subnet.back.id]
  mixed_instances_policy {
    launch_template {
      launch_template_specification {
        launch_template_name = aws_launch_template.blue.name
      }
      override {
        instance_type = "t3.small"
      }
    }
  }
}

resource "aws_launch_template" "blue" {
  name = "blue"
  network_interfaces {
    associate_public_ip_address = "false"
    security_groups             = [aws_security_group.server.id]
  }
}

resource "aws_autoscaling_attachment" "blue" {
  autoscaling_group_name = aws_autoscaling_group.blue.name
  lb_target_group_arn    = aws_lb_target_group.blue.arn
}

resource "aws_ecs_service" "green" {
  name            = "green"
  task_definition = "green:1"
  launch_type     = "FARGATE"
  network_configuration {
    subnets         = [aws_subnet.back.id]
    security_groups = [aws_security_group.server.id]
  }
  load_balancer {
    target_group_arn = aws_lb_target_group.green.arn
    container_name   = "green"
    container_port   = 3000
  }
}

# A classic one.

resource "aws_elb" "classic" {
  subnets         = [aws_subnet.front.id]
  security_groups = [aws_security_group.nlb.id]
  instances       = [aws_instance.server.id]
  listener {
    lb_port           = 8443
    lb_protocol       = "https"
    instance_port     = 8444
    instance_protocol = "http"
  }
}

# What is behind them.

resource "aws_security_group" "server" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port       = 8000
    to_port         = 9999
    protocol        = "tcp"
    security_groups = [aws_security_group.nlb.id, aws_security_group.alb.id]
  }
}

resource "aws_vpc_security_group_ingress_rule" "server" {
  security_group_id            = aws_security_group.server.id
  from_port                    = 3000
  to_port                      = 3000
  ip_protocol                  = "tcp"
  referenced_security_group_id = aws_security_group.alb.id
}

resource "aws_network_interface" "server" {
  subnet_id       = aws_subnet.back.id
  private_ips     = ["10.0.2.30"]
  security_groups = [aws_security_group.server.id]
}

resource "aws_instance" "server" {
  ami           = "ami-1"
  instance_type = "t3.small"
  network_interface {
    device_index         = 0
    network_interface_id = aws_network_interface.server.id
  }
}

resource "aws_network_interface" "dns" {
  subnet_id       = aws_subnet.back.id
  private_ips     = ["10.0.2.40"]
  security_groups = [aws_security_group.dns.id]
}

resource "aws_security_group" "dns" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 53
    to_port     = 53
    protocol    = "udp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
