variable "fail_open" {
  type = string
}

# expect: fail
resource "aws_route53_resolver_firewall_config" "open" {
  resource_id        = "vpc-12345678"
  firewall_fail_open = "ENABLED"
}

# expect: unknown
resource "aws_route53_resolver_firewall_config" "unknown" {
  resource_id        = "vpc-12345678"
  firewall_fail_open = var.fail_open
}

# expect: fail
resource "aws_lb" "open" {
  name                 = "edge"
  enable_waf_fail_open = true
}

# expect: fail
resource "aws_networkfirewall_firewall_policy" "goes_on" {
  name = "goes-on"

  firewall_policy {
    stateless_default_actions          = ["aws:forward_to_sfe"]
    stateless_fragment_default_actions = ["aws:forward_to_sfe"]

    stateful_engine_options {
      stream_exception_policy = "CONTINUE"
    }
  }
}
