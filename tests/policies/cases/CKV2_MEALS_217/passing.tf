resource "aws_msk_cluster" "said" {
  cluster_name = "said"
  broker_node_group_info {
    connectivity_info {
      public_access {
        type = "DISABLED"
      }
    }
  }
}

resource "aws_msk_cluster" "unsaid" {
  cluster_name = "unsaid"
  broker_node_group_info {
    instance_type = "kafka.m7g.large"
  }
}
