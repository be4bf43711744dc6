variable "protocol" {
  type = string
}

# expect: fail
resource "aws_lb_target_group" "http_check" {
  port     = 8443
  protocol = "HTTPS"

  health_check {
    path     = "/health"
    protocol = "HTTP"
  }
}

# expect: fail
resource "aws_lb_target_group" "without_check" {
  port     = 8443
  protocol = "HTTPS"
}

# expect: fail
resource "aws_alb_target_group" "default_protocol" {
  port     = 8443
  protocol = "HTTPS"

  health_check {
    path = "/health"
  }
}

# expect: fail
resource "aws_lb_target_group" "tls" {
  port     = 8443
  protocol = "TLS"

  health_check {
    protocol = "HTTP"
  }
}

# expect: unknown
resource "aws_lb_target_group" "unknown" {
  port     = 8443
  protocol = "HTTPS"

  health_check {
    protocol = var.protocol
  }
}
