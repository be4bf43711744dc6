variable "policy" {
  type = string
}

# expect: fail
resource "aws_vpc_endpoint" "without" {
  service_name = "com.amazonaws.us-east-1.s3"
}

# expect: fail
resource "aws_vpc_endpoint" "everything" {
  service_name = "com.amazonaws.us-east-1.s3"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*" }]
  })
}

# expect: fail
resource "aws_vpc_endpoint" "service" {
  service_name      = "com.amazonaws.us-east-1.kms"
  vpc_endpoint_type = "Interface"
  policy            = <<-JSON
    {
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": ["*"]},
        "Action": ["kms:*"],
        "Resource": ["*"],
        "Condition": {"StringEqualsIfExists": {"aws:PrincipalAccount": "123456789012"}}
      }
    }
  JSON
}

# expect: unknown
resource "aws_vpc_endpoint" "unknown" {
  service_name = "com.amazonaws.us-east-1.s3"
  policy       = var.policy
}

data "aws_iam_policy_document" "all_but_one" {
  statement {
    not_actions = ["s3:DeleteBucket"]
    resources   = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

# expect: fail
resource "aws_vpc_endpoint_policy" "all_but_one" {
  vpc_endpoint_id = "vpce-0123456789abcdef0"
  policy          = data.aws_iam_policy_document.all_but_one.json
}

# expect: fail
resource "aws_vpc_endpoint" "of_any_account" {
  vpc_id       = "vpc-12345678"
  service_name = "com.amazonaws.us-east-1.s3"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "*"
      Resource  = "*"
      Condition = { StringLike = { "aws:ResourceAccount" = "*" } }
    }]
  })
}
