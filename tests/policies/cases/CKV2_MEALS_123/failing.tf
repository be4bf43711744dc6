variable "logs" {
  type = bool
}

# expect: fail
resource "aws_mq_broker" "without_logs" {
  engine_type = "RabbitMQ"
}

# expect: fail
resource "aws_mq_broker" "without_audit" {
  engine_type = "ActiveMQ"

  logs {
    general = true
  }
}

# expect: fail
resource "aws_mq_broker" "without_general" {
  engine_type = "ActiveMQ"

  logs {
    audit = true
  }
}

# expect: unknown
resource "aws_mq_broker" "unknown" {
  engine_type = "RabbitMQ"

  logs {
    general = var.logs
  }
}
