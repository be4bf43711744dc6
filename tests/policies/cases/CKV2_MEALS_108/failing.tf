variable "protocol" {
  type = string
}

# expect: fail
resource "aws_elb" "http" {
  listener {
    lb_port           = 80
    lb_protocol       = "http"
    instance_port     = 8080
    instance_protocol = "http"
  }
}

# expect: fail
resource "aws_elb" "second_listener" {
  listener {
    lb_port            = 443
    lb_protocol        = "https"
    instance_port      = 8443
    instance_protocol  = "https"
    ssl_certificate_id = "arn:aws:acm:us-east-1:111111111111:certificate/1"
  }
  listener {
    lb_port           = 443
    lb_protocol       = "tcp"
    instance_port     = 8443
    instance_protocol = "tcp"
  }
}

# expect: fail
resource "aws_elb" "without_certificate" {
  listener {
    lb_port           = 443
    lb_protocol       = "https"
    instance_port     = 8443
    instance_protocol = "https"
  }
}

# expect: unknown
resource "aws_elb" "unknown" {
  listener {
    lb_port           = 443
    lb_protocol       = var.protocol
    instance_port     = 8443
    instance_protocol = "https"
  }
}
