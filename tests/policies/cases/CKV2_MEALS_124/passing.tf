resource "aws_mq_broker" "rabbit" {
  engine_type                = "RabbitMQ"
  engine_version             = "3.13"
  auto_minor_version_upgrade = true
}

resource "aws_mq_broker" "newer" {
  engine_type                = "RABBITMQ"
  engine_version             = "4.2"
  auto_minor_version_upgrade = true
}

resource "aws_mq_broker" "active" {
  engine_type                = "ActiveMQ"
  engine_version             = "5.18.6"
  auto_minor_version_upgrade = "true"
}
