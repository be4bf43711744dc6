resource "aws_mq_broker" "rabbit" {
  engine_type = "RabbitMQ"

  logs {
    general = true
  }
}

resource "aws_mq_broker" "active" {
  engine_type = "ActiveMQ"

  logs {
    general = "true"
    audit   = "true"
  }
}
