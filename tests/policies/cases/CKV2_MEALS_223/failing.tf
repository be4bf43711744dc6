resource "aws_vpc_endpoint" "s3" {
  service_name = "com.amazonaws.us-east-1.s3"
}

# expect: fail
resource "aws_s3_bucket" "without" {
  bucket = "event-store-without"
}

# expect: fail
resource "aws_s3_bucket" "writes_open" {
  bucket = "event-store-writes-open"
}

resource "aws_s3_bucket_policy" "writes_open" {
  bucket = aws_s3_bucket.writes_open.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["s3:GetObject"]
      Resource  = ["arn:aws:s3:::event-store-writes-open/*"]
      Condition = { StringNotEquals = { "aws:SourceVpce" = aws_vpc_endpoint.s3.id } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket" "some_callers" {
  bucket = "event-store-some-callers"
}

resource "aws_s3_bucket_policy" "some_callers" {
  bucket = aws_s3_bucket.some_callers.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = { AWS = "arn:aws:iam::123456789012:role/reader" }
      Action    = ["s3:*"]
      Resource  = ["arn:aws:s3:::event-store-some-callers/*"]
      Condition = { StringNotEquals = { "aws:SourceVpce" = aws_vpc_endpoint.s3.id } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket" "via_services" {
  bucket = "event-store-via-services"
}

resource "aws_s3_bucket_policy" "via_services" {
  bucket = aws_s3_bucket.via_services.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["s3:*"]
      Resource  = ["arn:aws:s3:::event-store-via-services/*"]
      Condition = {
        StringNotEquals = { "aws:SourceVpce" = aws_vpc_endpoint.s3.id }
        Bool            = { "aws:ViaAWSService" = "false" }
      }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket" "other" {
  bucket = "event-store-other"
}

resource "aws_s3_bucket_policy" "other" {
  bucket = aws_s3_bucket.other.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["s3:*"]
      Resource  = ["arn:aws:s3:::another-bucket/*"]
      Condition = { StringNotEquals = { "aws:SourceVpce" = aws_vpc_endpoint.s3.id } }
    }]
  })
}

# expect: fail
resource "aws_s3_bucket" "second_event_store" {
  bucket = "second-event-store"
}

resource "aws_s3_bucket_policy" "first_of_two" {
  bucket = aws_s3_bucket.second_event_store.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "arn:aws:s3:::second-event-store/*"
      Condition = { StringNotEquals = { "aws:SourceVpce" = "vpce-12345678" } }
    }]
  })
}

resource "aws_s3_bucket_policy" "second_of_two" {
  bucket = aws_s3_bucket.second_event_store.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
