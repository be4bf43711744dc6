variable "public" {
  type = bool
}

variable "exposed" {
  type    = bool
  default = true
}

# expect: fail
resource "aws_mq_broker" "said" {
  broker_name         = "said"
  publicly_accessible = var.exposed
}

# expect: unknown
resource "aws_mq_broker" "unknown" {
  broker_name         = "unknown"
  publicly_accessible = var.public
}
