resource "aws_s3_bucket" "storage_images_bucket_6AFFA072" {
  bucket = "meals-images"
}

# expect: fail
resource "aws_s3_bucket_policy" "example" {
  bucket = aws_s3_bucket.storage_images_bucket_6AFFA072.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:PutObject", Principal = "*", Resource = "arn:aws:s3:::meals-*" }
    ]
  })
}
