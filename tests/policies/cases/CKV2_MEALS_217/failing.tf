variable "access" {
  type = string
}

# expect: fail
resource "aws_msk_cluster" "said" {
  cluster_name = "said"
  broker_node_group_info {
    connectivity_info {
      public_access {
        type = "SERVICE_PROVIDED_EIPS"
      }
    }
  }
}

# expect: unknown
resource "aws_msk_cluster" "unknown" {
  cluster_name = "unknown"
  broker_node_group_info {
    connectivity_info {
      public_access {
        type = var.access
      }
    }
  }
}
