variable "internal" {
  type = bool
}

resource "aws_wafv2_web_acl" "edge" {
  name  = "edge"
  scope = "REGIONAL"
}

# expect: fail
resource "aws_lb" "unsaid" {
  name = "unsaid"
}

# expect: fail
resource "aws_alb" "said" {
  internal = "false"
}

# expect: unknown
resource "aws_lb" "unknown" {
  internal = var.internal
}
