resource "aws_s3_bucket" "state_bucket_60417CC9" {
  bucket = "meals-state"
}

resource "aws_s3_bucket_policy" "example" {
  bucket = aws_s3_bucket.state_bucket_60417CC9.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Deny", Action = "s3:*", Principal = "*", Resource = "arn:aws:s3:::meals-*" }
    ]
  })
}
