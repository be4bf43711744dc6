variable "https" {
  type = bool
}

# expect: fail
resource "aws_opensearch_domain" "without_block" {
  domain_name = "menu"
}

# expect: fail
resource "aws_elasticsearch_domain" "http" {
  domain_name = "menu"

  domain_endpoint_options {
    enforce_https = "false"
  }
}

# expect: fail
resource "aws_cloudsearch_domain" "http" {
  name = "menu"

  endpoint_options {
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }
}

# expect: unknown
resource "aws_opensearch_domain" "unknown" {
  domain_name = "menu"

  domain_endpoint_options {
    enforce_https = var.https
  }
}
