resource "aws_secretsmanager_secret" "state_secret-datadog-api-key_885A9342" {
  name = "meals/datadog"
}

resource "aws_iam_role" "delivery_plan-role_6E2A39B3" {
  name = "meals-plan"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "plan" {
  role = aws_iam_role.delivery_plan-role_6E2A39B3.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Example", Effect = "Allow", Action = "secretsmanager:DescribeSecret", Resource = "*" }]
  })
}
