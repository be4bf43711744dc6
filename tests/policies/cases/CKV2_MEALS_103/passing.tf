resource "aws_lb" "network" {
  load_balancer_type = "network"
}

resource "aws_lb_target_group" "servers" {
  port     = 8443
  protocol = "TCP"
}

resource "aws_lb_target_group" "application" {
  port        = 443
  protocol    = "TCP"
  target_type = "alb"
}

resource "aws_lb_listener" "tls" {
  load_balancer_arn = aws_lb.network.arn
  port              = 443
  protocol          = "TLS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.servers.arn
  }
}

resource "aws_lb_listener" "to_application" {
  load_balancer_arn = aws_lb.network.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.application.arn
  }
}
