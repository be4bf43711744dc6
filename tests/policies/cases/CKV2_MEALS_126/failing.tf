variable "iam" {
  type = bool
}

# expect: fail
resource "aws_msk_cluster" "unauthenticated" {
  cluster_name = "unauthenticated"

  client_authentication {
    unauthenticated = true
    sasl {
      iam = true
    }
  }
}

# expect: fail
resource "aws_msk_cluster" "nothing" {
  cluster_name = "nothing"
}

# expect: fail
resource "aws_msk_cluster" "switched_off" {
  cluster_name = "switched-off"

  client_authentication {
    sasl {
      iam   = false
      scram = false
    }
  }
}

# expect: fail
resource "aws_mskconnect_connector" "anyone" {
  name = "anyone"

  kafka_cluster_client_authentication {
    authentication_type = "NONE"
  }
}

# expect: unknown
resource "aws_msk_cluster" "unknown" {
  cluster_name = "unknown"

  client_authentication {
    sasl {
      iam = var.iam
    }
  }
}
