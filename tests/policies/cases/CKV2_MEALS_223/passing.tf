resource "aws_vpc_endpoint" "s3" {
  service_name = "com.amazonaws.us-east-1.s3"
}

resource "aws_s3_bucket" "backups" {
  bucket = "event-store-backups"
}

resource "aws_s3_bucket_policy" "backups" {
  bucket = aws_s3_bucket.backups.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*"]
      Resource  = ["arn:aws:s3:::event-store-backups/*"]
      Condition = {
        StringNotEquals               = { "aws:SourceVpce" = aws_vpc_endpoint.s3.id }
        BoolIfExists                  = { "aws:PrincipalIsAWSService" = "false" }
        "ForAllValues:StringNotEquals" = { "aws:CalledVia" = ["dynamodb.amazonaws.com"] }
      }
    }]
  })
}

resource "aws_s3_bucket" "images" {
  bucket = "meals-images"
}
