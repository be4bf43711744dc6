resource "aws_opensearch_domain" "menu" {
  domain_name = "menu"

  domain_endpoint_options {
    enforce_https = true
  }
}

resource "aws_elasticsearch_domain" "default_of_the_block" {
  domain_name = "menu"

  domain_endpoint_options {
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }
}

resource "aws_cloudsearch_domain" "menu" {
  name = "menu"

  endpoint_options {
    enforce_https = true
  }
}
