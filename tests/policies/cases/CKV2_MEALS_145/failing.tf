variable "key" {
  type = string
}

# expect: fail
resource "aws_msk_cluster" "default" {
  cluster_name = "default"
}

# expect: fail
resource "aws_msk_cluster" "in_transit_only" {
  cluster_name = "in-transit-only"

  encryption_info {
    encryption_in_transit {
      client_broker = "TLS"
    }
  }
}

# expect: fail
resource "aws_msk_cluster" "managed" {
  cluster_name = "managed"

  encryption_info {
    encryption_at_rest_kms_key_arn = "arn:aws:kms:us-east-1:111122223333:alias/aws/kafka"
  }
}

# expect: unknown
resource "aws_msk_cluster" "unknown" {
  cluster_name = "unknown"

  encryption_info {
    encryption_at_rest_kms_key_arn = var.key
  }
}
