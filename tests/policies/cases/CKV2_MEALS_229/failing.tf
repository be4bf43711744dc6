variable "public" {
  type = bool
}

# expect: fail
resource "aws_eks_cluster" "unsaid" {
  name = "unsaid"
  vpc_config {
    subnet_ids = ["subnet-0123456789abcdef0"]
  }
}

# expect: fail
resource "aws_eks_cluster" "said" {
  name = "said"
  vpc_config {
    endpoint_public_access = true
    public_access_cidrs    = ["0.0.0.0/0"]
  }
}

# expect: fail
resource "aws_eks_cluster" "halves" {
  name = "halves"
  vpc_config {
    endpoint_public_access = true
    public_access_cidrs    = ["0.0.0.0/1", "128.0.0.0/1"]
  }
}

# expect: unknown
resource "aws_eks_cluster" "unknown" {
  name = "unknown"
  vpc_config {
    endpoint_public_access = var.public
  }
}
