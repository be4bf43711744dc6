resource "aws_msk_cluster" "iam" {
  cluster_name = "iam"

  client_authentication {
    unauthenticated = false
    sasl {
      iam = true
    }
  }
}

resource "aws_msk_cluster" "mutual_tls" {
  cluster_name = "mutual-tls"

  client_authentication {
    tls {
      certificate_authority_arns = ["arn:aws:acm-pca:us-east-1:111111111111:certificate-authority/1"]
    }
  }
}

resource "aws_mskconnect_connector" "reporting" {
  name = "reporting"

  kafka_cluster_client_authentication {
    authentication_type = "IAM"
  }
}
