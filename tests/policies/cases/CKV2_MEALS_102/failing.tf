resource "aws_lb" "edge" {
  name = "edge"
}

variable "protocol" {
  type = string
}

# expect: fail
resource "aws_lb_listener" "forward" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/servers/1"
  }
}

# expect: fail
resource "aws_alb_listener" "fixed_response" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 8080
  protocol          = "HTTP"

  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      message_body = "hello"
      status_code  = "200"
    }
  }
}

# expect: fail
resource "aws_lb_listener" "redirect_to_http" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"
    redirect {
      host        = "www.meals.example"
      status_code = "HTTP_301"
    }
  }
}

# expect: fail
resource "aws_lb_listener" "https_to_http" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTP"
      status_code = "HTTP_301"
    }
  }
}

# expect: fail
resource "aws_lb_listener" "default_protocol" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 80

  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/servers/1"
  }
}

# expect: unknown
resource "aws_lb_listener" "unknown" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 80
  protocol          = var.protocol

  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/servers/1"
  }
}
