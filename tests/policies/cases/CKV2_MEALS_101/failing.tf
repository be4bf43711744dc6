variable "tls_policy" {
  type    = string
  default = "ELBSecurityPolicy-FS-1-2-Res-2020-10"
}

variable "without_default" {
  type = string
}

resource "aws_lb" "edge" {
  name = "edge"
}

# expect: fail
resource "aws_lb_listener" "shares_a_prefix_with_strict_ones" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-0-2021-06"
}

# expect: fail
resource "aws_lb_listener" "default" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "TLS"
}

# expect: fail
resource "aws_lb_listener" "variable" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = var.tls_policy
}

# expect: fail
resource "aws_alb_listener" "old_name" {
  for_each          = { a = "ELBSecurityPolicy-2016-08", b = "ELBSecurityPolicy-TLS-1-2-2017-01" }
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = each.value
}

# expect: unknown
resource "aws_lb_listener" "unknown" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = var.without_default
}

# expect: unknown
resource "aws_lb_listener" "unknown_protocol" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = upper(var.without_default)
}

resource "aws_lb_listener" "strict" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-3-2021-06"
}
