resource "aws_s3_bucket" "storage_images_bucket_6AFFA072" {
  bucket = "meals-images"
}

resource "aws_s3_bucket_policy" "example" {
  bucket = aws_s3_bucket.storage_images_bucket_6AFFA072.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Deny", Action = "s3:*", Principal = "*", Resource = "arn:aws:s3:::meals-*" }
    ]
  })
}
