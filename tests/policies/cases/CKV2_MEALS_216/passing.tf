resource "aws_mq_broker" "said" {
  broker_name         = "said"
  publicly_accessible = "false"
}

resource "aws_mq_broker" "unsaid" {
  broker_name = "unsaid"
}
