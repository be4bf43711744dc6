resource "aws_lb_target_group" "https" {
  port     = 8443
  protocol = "HTTPS"
}

resource "aws_alb_target_group" "tls" {
  port     = 8443
  protocol = "TLS"
}

resource "aws_lb_target_group" "function" {
  target_type = "lambda"
}

resource "aws_lb_target_group" "application" {
  port        = 443
  protocol    = "TCP"
  target_type = "alb"
}

resource "aws_lb_target_group" "appliances" {
  port     = 6081
  protocol = "GENEVE"
}
