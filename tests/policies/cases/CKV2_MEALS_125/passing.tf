resource "aws_msk_cluster" "stream" {
  cluster_name = "stream"

  encryption_info {
    encryption_in_transit {
      client_broker = "TLS"
      in_cluster    = true
    }
  }
}

resource "aws_msk_cluster" "defaults" {
  cluster_name = "defaults"
}

resource "aws_mskconnect_connector" "reporting" {
  name = "reporting"

  kafka_cluster_encryption_in_transit {
    encryption_type = "TLS"
  }
}
