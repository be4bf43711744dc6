data "aws_iam_policy_document" "own_account" {
  statement {
    actions   = ["dynamodb:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:ResourceAccount"
      values   = ["123456789012"]
    }
  }
}

resource "aws_vpc_endpoint" "dynamodb" {
  service_name = "com.amazonaws.us-east-1.dynamodb"
  policy       = data.aws_iam_policy_document.own_account.json
}

resource "aws_vpc_endpoint" "s3" {
  service_name = "com.amazonaws.us-east-1.s3"
}

resource "aws_vpc_endpoint_policy" "s3" {
  vpc_endpoint_id = aws_vpc_endpoint.s3.id
  policy          = <<-JSON
    {
      "Statement": [{
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws:s3:::meals-images/*"
      }]
    }
  JSON
}

resource "aws_vpc_endpoint" "without_policies" {
  service_name      = "com.amazonaws.us-east-1.pipes-data"
  vpc_endpoint_type = "Interface"
}

resource "aws_vpc_endpoint" "other_service" {
  service_name      = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"
  vpc_endpoint_type = "Interface"
}
