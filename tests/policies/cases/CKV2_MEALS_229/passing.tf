resource "aws_eks_cluster" "private" {
  name = "private"
  vpc_config {
    endpoint_public_access  = false
    endpoint_private_access = true
    subnet_ids              = ["subnet-0123456789abcdef0"]
  }
}

resource "aws_eks_cluster" "for_named_networks" {
  name = "for-named-networks"
  vpc_config {
    endpoint_public_access = true
    public_access_cidrs    = ["198.51.100.0/24", "203.0.113.0/24"]
    subnet_ids             = ["subnet-0123456789abcdef0"]
  }
}
