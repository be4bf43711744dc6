resource "aws_lb_target_group" "https" {
  port     = 8443
  protocol = "HTTPS"

  health_check {
    path     = "/health"
    protocol = "HTTPS"
  }
}

resource "aws_lb_target_group" "tcp_check" {
  port     = 8443
  protocol = "TLS"
}

resource "aws_alb_target_group" "http" {
  port     = 8080
  protocol = "HTTP"
}

resource "aws_lb_target_group" "function" {
  target_type = "lambda"
}
