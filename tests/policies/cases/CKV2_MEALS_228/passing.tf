resource "aws_lb" "edge" {
  internal = false
}

resource "aws_wafv2_web_acl_association" "edge" {
  resource_arn = aws_lb.edge.arn
  web_acl_arn  = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/edge/a"
}

resource "aws_lb" "internal" {
  internal = true
}

resource "aws_lb" "network" {
  load_balancer_type = "network"
}
