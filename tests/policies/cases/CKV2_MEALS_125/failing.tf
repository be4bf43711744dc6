variable "client_broker" {
  type = string
}

# expect: fail
resource "aws_msk_cluster" "both" {
  cluster_name = "both"

  encryption_info {
    encryption_in_transit {
      client_broker = "TLS_PLAINTEXT"
      in_cluster    = true
    }
  }
}

# expect: fail
resource "aws_msk_cluster" "brokers" {
  cluster_name = "brokers"

  encryption_info {
    encryption_in_transit {
      in_cluster = "false"
    }
  }
}

# expect: fail
resource "aws_mskconnect_connector" "plaintext" {
  name = "plaintext"

  kafka_cluster_encryption_in_transit {
    encryption_type = "PLAINTEXT"
  }
}

# expect: unknown
resource "aws_msk_cluster" "unknown" {
  cluster_name = "unknown"

  encryption_info {
    encryption_in_transit {
      client_broker = var.client_broker
    }
  }
}
