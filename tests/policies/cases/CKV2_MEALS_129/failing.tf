variable "value" {
  type = string
}

# expect: fail
resource "aws_redshift_parameter_group" "default" {
  name   = "reporting"
  family = "redshift-1.0"
}

# expect: fail
resource "aws_redshiftserverless_workgroup" "off" {
  workgroup_name = "reporting"

  config_parameter {
    parameter_key   = "require_ssl"
    parameter_value = "false"
  }
}

# expect: fail
resource "aws_docdb_cluster_parameter_group" "off" {
  family = "docdb5.0"

  parameter {
    name  = "tls"
    value = "disabled"
  }
}

# expect: fail
resource "aws_neptune_cluster_parameter_group" "off" {
  family = "neptune1.3"

  parameter {
    name  = "neptune_enforce_ssl"
    value = "0"
  }
}

# expect: fail
resource "aws_db_parameter_group" "off" {
  family = "postgres16"

  parameter {
    name  = "rds.force_ssl"
    value = 0
  }
}

# expect: fail
resource "aws_db_parameter_group" "default" {
  family = "mariadb10.11"
}

# expect: fail
resource "aws_rds_cluster_parameter_group" "off" {
  family = "aurora-mysql8.0"

  parameter {
    name  = "require_secure_transport"
    value = "OFF"
  }
}

# expect: fail
resource "aws_db_proxy" "plaintext" {
  name = "menu"
}

# expect: fail
resource "aws_dms_endpoint" "plaintext" {
  endpoint_id = "menu"
  engine_name = "mysql"
  ssl_mode    = "none"
}

# expect: unknown
resource "aws_docdb_cluster_parameter_group" "unknown" {
  family = "docdb5.0"

  parameter {
    name  = "tls"
    value = var.value
  }
}

# expect: fail
resource "aws_dms_endpoint" "redis" {
  endpoint_id = "menus"
  engine_name = "redis"

  redis_settings {
    ssl_security_protocol = "plaintext"
  }
}

# expect: fail
resource "aws_db_instance" "default_group" {
  engine         = "mysql"
  engine_version = "8.0"
}

# expect: fail
resource "aws_db_instance" "named_default_group" {
  engine               = "postgres"
  engine_version       = "14.9"
  parameter_group_name = "default.postgres14"
}

# expect: unknown
resource "aws_db_instance" "group_of_elsewhere" {
  engine               = "mysql"
  parameter_group_name = "orders"
}

# expect: fail
resource "aws_db_instance" "sqlserver" {
  engine = "sqlserver-ex"
}

# expect: fail
resource "aws_rds_cluster" "postgres" {
  engine         = "aurora-postgresql"
  engine_version = "16.4"
}

# expect: fail
resource "aws_rds_cluster" "mysql" {
  engine = "aurora-mysql"
}
