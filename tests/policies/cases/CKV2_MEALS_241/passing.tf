resource "aws_route53_resolver_firewall_config" "closed" {
  resource_id        = "vpc-12345678"
  firewall_fail_open = "DISABLED"
}

resource "aws_route53_resolver_firewall_config" "by_default" {
  resource_id = "vpc-12345678"
}

resource "aws_lb" "by_default" {
  name = "edge"
}

resource "aws_networkfirewall_firewall_policy" "drops" {
  name = "drops"

  firewall_policy {
    stateless_default_actions          = ["aws:forward_to_sfe"]
    stateless_fragment_default_actions = ["aws:forward_to_sfe"]

    stateful_engine_options {
      stream_exception_policy = "DROP"
    }
  }
}
