resource "aws_acm_certificate" "edge" {
  domain_name       = "meals.example"
  validation_method = "DNS"
}

resource "aws_lb_listener" "referenced" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/edge/1"
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate.edge.arn

  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/servers/1"
  }
}

resource "aws_alb_listener" "literal" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/edge/1"
  port              = 443
  protocol          = "TLS"
  certificate_arn   = "arn:aws:acm:us-east-1:111111111111:certificate/1"

  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/servers/1"
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/edge/1"
  port              = 443
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/servers/1"
  }
}
