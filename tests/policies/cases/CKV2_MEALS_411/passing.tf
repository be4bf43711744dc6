resource "aws_iam_role" "servers_core-server_instance-profile_role_C1332D9E" {
  name = "meals-core"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "core" {
  role = aws_iam_role.servers_core-server_instance-profile_role_C1332D9E.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Example"
      Effect   = "Allow"
      Action   = ["s3:PutObject", "sns:Publish"]
      Resource = ["arn:aws:s3:::meals-images/*", "arn:aws:sns:us-east-1:333333333333:meals-*"]
    }]
  })
}
