variable "policy" {
  type = string
}

variable "principal" {
  type = string
}

# expect: fail
resource "aws_sns_topic_policy" "everyone" {
  arn = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_sns_topic_policy" "every_principal" {
  arn = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "sns:Publish"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_sns_topic_policy" "among_others" {
  arn = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = ["arn:aws:iam::111122223333:root", "*"] }
      Action    = "sns:Publish"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_sns_topic_policy" "all_but_one" {
  arn = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      NotPrincipal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "sns:Publish"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_sns_topic_policy" "over_tls" {
  arn = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "true" } }
    }]
  })
}

# expect: fail
resource "aws_sns_topic_policy" "of_any_source" {
  arn = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { ArnLike = { "aws:SourceArn" = "*" } }
    }]
  })
}

# expect: fail
resource "aws_sns_topic_policy" "of_an_address" {
  arn = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { IpAddress = { "aws:SourceIp" = "198.51.100.7/32" } }
    }]
  })
}

# expect: fail
resource "aws_sns_topic_policy" "of_the_internet" {
  arn = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { IpAddress = { "aws:SourceIp" = ["0.0.0.0/1", "128.0.0.0/1"] } }
    }]
  })
}

# expect: fail
resource "aws_sns_topic_policy" "if_there_is_a_source" {
  arn = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { StringEqualsIfExists = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}

# expect: fail
resource "aws_sns_topic_policy" "for_all_values" {
  arn = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { "ForAllValues:StringEquals" = { "aws:PrincipalOrgID" = "o-1234567890" } }
    }]
  })
}

# expect: fail
resource "aws_sns_topic_policy" "all_but_an_account" {
  arn = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}

# expect: unknown
resource "aws_sns_topic_policy" "unknown_principal" {
  arn = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.principal }
      Action    = "sns:Publish"
      Resource  = "*"
    }]
  })
}

# expect: unknown
resource "aws_sns_topic_policy" "unknown" {
  arn = "arn:aws:sns:us-east-1:111122223333:t"
  policy = var.policy
}

resource "aws_sns_topic_policy" "denied" {
  arn = "arn:aws:sns:us-east-1:111122223333:t"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "sns:Publish"
      Resource  = "*"
    }]
  })
}

# expect: fail
resource "aws_sns_topic" "inline" {
  name   = "inline"
  policy = "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"NotAction\":\"sns:Publish\",\"Resource\":\"*\"}]}"
}
