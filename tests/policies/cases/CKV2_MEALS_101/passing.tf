variable "tls_policy" {
  type    = string
  default = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
}

locals {
  policies = { strict = "ELBSecurityPolicy-TLS13-1-3-2021-06" }
}

resource "aws_lb" "edge" {
  name = "edge"
}

resource "aws_lb_listener" "literal" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"

  default_action {
    type = "fixed-response"
  }
}

resource "aws_lb_listener" "variable" {
  load_balancer_arn = aws_lb.edge.arn
  port              = "8443"
  protocol          = "https"
  ssl_policy        = var.tls_policy
}

resource "aws_lb_listener" "local" {
  for_each          = toset(["8444", "8445"])
  load_balancer_arn = aws_lb.edge.arn
  port              = each.value
  protocol          = "TLS"
  ssl_policy        = lookup(local.policies, "strict")
}

resource "aws_lb_listener" "conditional" {
  count             = 2
  load_balancer_arn = aws_lb.edge.arn
  port              = 9000 + count.index
  protocol          = count.index == 0 ? "HTTPS" : "TLS"
  ssl_policy        = format("ELBSecurityPolicy-TLS13-1-%d-2021-06", 3)
}

resource "aws_lb_listener" "without_tls" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 80
  protocol          = "HTTP"
}

resource "aws_lb_listener" "of_security_hub" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
}
