variable "protocols" {
  default = ["HTTPS", "HTTP"]
}

variable "protocol" {
  type = string
}

# expect: fail
resource "aws_lb_target_group" "http" {
  port     = 8080
  protocol = "HTTP"
}

# expect: fail
resource "aws_lb_target_group" "from_list" {
  port     = 8080
  protocol = var.protocols[1]
}

# expect: fail
resource "aws_alb_target_group" "tcp" {
  port     = 443
  protocol = "TCP"
}

# expect: fail
resource "aws_lb_target_group" "without" {
  port = 8080
}

# expect: unknown
resource "aws_lb_target_group" "unknown" {
  port     = 8080
  protocol = var.protocol
}
