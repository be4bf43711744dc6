resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_opensearch_domain" "menus" {
  domain_name = "menus"

  encrypt_at_rest {
    enabled    = true
    kms_key_id = aws_kms_key.own.arn
  }
}

resource "aws_elasticsearch_domain" "menus" {
  domain_name = "menus"

  encrypt_at_rest {
    enabled    = true
    kms_key_id = aws_kms_key.own.key_id
  }
}
