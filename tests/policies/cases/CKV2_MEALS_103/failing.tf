resource "aws_lb" "network" {
  load_balancer_type = "network"
}

resource "aws_lb_target_group" "servers" {
  port     = 8443
  protocol = "TCP"
}

variable "protocol" {
  default = "UDP"
}

variable "other" {
  type = string
}

# expect: fail
resource "aws_lb_listener" "tcp" {
  load_balancer_arn = aws_lb.network.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type = "forward"
    forward {
      target_group {
        arn = aws_lb_target_group.servers.arn
      }
    }
  }
}

# expect: fail
resource "aws_alb_listener" "udp" {
  load_balancer_arn = aws_lb.network.arn
  port              = 514
  protocol          = var.protocol

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.servers.arn
  }
}

# expect: fail
resource "aws_lb_listener" "both" {
  load_balancer_arn = aws_lb.network.arn
  port              = 53
  protocol          = "TCP_UDP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.servers.arn
  }
}

# expect: unknown
resource "aws_lb_listener" "unknown" {
  load_balancer_arn = aws_lb.network.arn
  port              = 53
  protocol          = var.other

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.servers.arn
  }
}
