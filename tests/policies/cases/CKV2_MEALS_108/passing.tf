resource "aws_elb" "https" {
  listener {
    lb_port            = 443
    lb_protocol        = "https"
    instance_port      = 8443
    instance_protocol  = "https"
    ssl_certificate_id = "arn:aws:acm:us-east-1:111111111111:certificate/1"
  }
  listener {
    lb_port            = 8883
    lb_protocol        = "SSL"
    instance_port      = 8883
    instance_protocol  = "ssl"
    ssl_certificate_id = "arn:aws:acm:us-east-1:111111111111:certificate/1"
  }
}
