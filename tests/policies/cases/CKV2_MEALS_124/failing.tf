variable "engine_version" {
  type = string
}

# expect: fail
resource "aws_mq_broker" "old" {
  engine_type                = "RabbitMQ"
  engine_version             = "3.8.6"
  auto_minor_version_upgrade = true
}

# expect: fail
resource "aws_mq_broker" "old_active" {
  engine_type                = "ActiveMQ"
  engine_version             = "5.15.0"
  auto_minor_version_upgrade = true
}

# expect: fail
resource "aws_mq_broker" "without_patches" {
  engine_type    = "RabbitMQ"
  engine_version = "3.13"
}

# expect: unknown
resource "aws_mq_broker" "unknown" {
  engine_type                = "RabbitMQ"
  engine_version             = var.engine_version
  auto_minor_version_upgrade = true
}
