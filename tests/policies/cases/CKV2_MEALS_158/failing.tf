variable "key" {
  type = string
}

# expect: fail
resource "aws_opensearch_domain" "default" {
  domain_name = "default"
}

# expect: fail
resource "aws_opensearch_domain" "managed" {
  domain_name = "managed"

  encrypt_at_rest {
    enabled = true
  }
}

# expect: fail
resource "aws_elasticsearch_domain" "off" {
  domain_name = "off"

  encrypt_at_rest {
    enabled = false
  }
}

# expect: unknown
resource "aws_elasticsearch_domain" "unknown" {
  domain_name = "unknown"

  encrypt_at_rest {
    enabled    = true
    kms_key_id = var.key
  }
}
