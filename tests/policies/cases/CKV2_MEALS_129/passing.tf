resource "aws_redshift_parameter_group" "reporting" {
  name   = "reporting"
  family = "redshift-1.0"

  parameter {
    name  = "require_ssl"
    value = "true"
  }
}

resource "aws_redshiftserverless_workgroup" "reporting" {
  workgroup_name = "reporting"

  config_parameter {
    parameter_key   = "require_ssl"
    parameter_value = "true"
  }
}

resource "aws_docdb_cluster_parameter_group" "menu" {
  family = "docdb5.0"
}

resource "aws_db_parameter_group" "postgres" {
  family = "postgres16"
}

resource "aws_db_parameter_group" "mysql" {
  family = "mysql8.0"

  parameter {
    name  = "require_secure_transport"
    value = "1"
  }
}

resource "aws_neptune_cluster_parameter_group" "menu" {
  family = "neptune1.3"
}

resource "aws_rds_cluster_parameter_group" "menu" {
  family = "aurora-postgresql16"

  parameter {
    name  = "rds.force_ssl"
    value = 1
  }
}

resource "aws_db_proxy" "menu" {
  name        = "menu"
  require_tls = true
}

resource "aws_dms_endpoint" "menu" {
  endpoint_id = "menu"
  engine_name = "aurora"
  ssl_mode    = "verify-full"
}

resource "aws_dms_endpoint" "bucket" {
  endpoint_id = "bucket"
  engine_name = "s3"
}

resource "aws_redshift_parameter_group" "on_by_default" {
  name   = "reporting"
  family = "redshift-2.0"
}

resource "aws_redshiftserverless_workgroup" "on_by_default" {
  workgroup_name = "reporting"
}

resource "aws_dms_endpoint" "redis" {
  endpoint_id = "menus"
  engine_name = "redis"

  redis_settings {
    ssl_security_protocol = "ssl-encryption"
  }
}

resource "aws_db_instance" "own_group" {
  engine               = "mysql"
  parameter_group_name = aws_db_parameter_group.mysql.name
}

resource "aws_db_instance" "postgres" {
  engine         = "postgres"
  engine_version = "16"
}

resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.postgres.identifier
  engine              = "mysql"
}

resource "aws_db_instance" "mariadb" {
  engine         = "mariadb"
  engine_version = "11.8.3"
}

resource "aws_db_instance" "oracle" {
  engine = "oracle-ee"
}

resource "aws_rds_cluster" "postgres" {
  engine         = "aurora-postgresql"
  engine_version = "17.4"
}
