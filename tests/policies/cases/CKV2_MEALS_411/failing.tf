resource "aws_s3_bucket" "storage_images_bucket_6AFFA072" {
  bucket = "meals-images"
}

resource "aws_iam_role" "servers_core-server_instance-profile_role_C1332D9E" {
  name = "meals-core"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

# expect: fail
resource "aws_iam_role_policy" "core" {
  role = aws_iam_role.servers_core-server_instance-profile_role_C1332D9E.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Example"
      Effect   = "Allow"
      Action   = ["s3:PutObject", "sns:Publish"]
      Resource = ["arn:aws:s3:::meals-images*"]
    }]
  })
}
