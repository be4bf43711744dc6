variable "policy" {
  type = string
}

# expect: fail
resource "aws_load_balancer_policy" "old_predefined" {
  load_balancer_name = "edge"
  policy_name        = "tls"
  policy_type_name   = "SSLNegotiationPolicyType"

  policy_attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-2016-08"
  }
}

# expect: fail
resource "aws_load_balancer_policy" "old_protocol" {
  load_balancer_name = "edge"
  policy_name        = "tls"
  policy_type_name   = "SSLNegotiationPolicyType"

  policy_attribute {
    name  = "Protocol-TLSv1.2"
    value = "true"
  }
  policy_attribute {
    name  = "Protocol-TLSv1"
    value = true
  }
}

# expect: fail
resource "aws_lb_ssl_negotiation_policy" "weak_cipher" {
  name          = "tls"
  load_balancer = "edge"
  lb_port       = 443

  attribute {
    name  = "DES-CBC3-SHA"
    value = "true"
  }
}

# expect: unknown
resource "aws_load_balancer_policy" "unknown" {
  load_balancer_name = "edge"
  policy_name        = "tls"
  policy_type_name   = "SSLNegotiationPolicyType"

  policy_attribute {
    name  = "Reference-Security-Policy"
    value = var.policy
  }
}

# expect: fail
resource "aws_elb" "without_policy" {
  name = "without-policy"

  listener {
    lb_port            = 443
    lb_protocol        = "https"
    instance_port      = 8443
    instance_protocol  = "https"
    ssl_certificate_id = "arn:aws:acm:us-east-1:111122223333:certificate/1"
  }
}
