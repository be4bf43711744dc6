resource "aws_load_balancer_policy" "predefined" {
  load_balancer_name = "edge"
  policy_name        = "tls"
  policy_type_name   = "SSLNegotiationPolicyType"

  policy_attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-2-2017-01"
  }
}

resource "aws_lb_ssl_negotiation_policy" "own" {
  name          = "tls"
  load_balancer = "edge"
  lb_port       = 443

  attribute {
    name  = "Protocol-TLSv1"
    value = "false"
  }
  attribute {
    name  = "Protocol-TLSv1.2"
    value = "true"
  }
  attribute {
    name  = "ECDHE-RSA-AES128-GCM-SHA256"
    value = "true"
  }
}

resource "aws_load_balancer_policy" "proxy" {
  load_balancer_name = "edge"
  policy_name        = "proxy"
  policy_type_name   = "ProxyProtocolPolicyType"

  policy_attribute {
    name  = "ProxyProtocol"
    value = "true"
  }
}

resource "aws_elb" "with_policy" {
  name = "with-policy"

  listener {
    lb_port           = 443
    lb_protocol       = "ssl"
    instance_port     = 8443
    instance_protocol = "ssl"
  }
}

resource "aws_load_balancer_listener_policy" "with_policy" {
  load_balancer_name = aws_elb.with_policy.name
  load_balancer_port = 443
  policy_names       = ["tls"]
}

resource "aws_elb" "named" {
  name = "edge"

  listener {
    lb_port           = 443
    lb_protocol       = "https"
    instance_port     = 8443
    instance_protocol = "https"
  }
}

resource "aws_elb" "without_tls" {
  name = "without-tls"

  listener {
    lb_port           = 80
    lb_protocol       = "http"
    instance_port     = 8080
    instance_protocol = "http"
  }
}
