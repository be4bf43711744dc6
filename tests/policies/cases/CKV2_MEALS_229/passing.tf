resource "aws_eks_cluster" "private" {
  name = "private"
  vpc_config {
    endpoint_public_access  = false
    endpoint_private_access = true
    subnet_ids              = ["subnet-0123456789abcdef0"]
  }
}
