resource "aws_lb_listener" "http" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/edge/1"
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/edge/1"
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/servers/1"
  }
}

variable "listener" {
  type = string
}

# expect: fail
resource "aws_lb_listener_rule" "forward" {
  listener_arn = aws_lb_listener.http.arn

  action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/servers/1"
  }
  condition {
    path_pattern {
      values = ["/ordering*"]
    }
  }
}

# expect: fail
resource "aws_alb_listener_rule" "redirect_to_http" {
  listener_arn = aws_lb_listener.http.arn

  action {
    type = "redirect"
    redirect {
      path        = "/menu"
      status_code = "HTTP_302"
    }
  }
  condition {
    path_pattern {
      values = ["/"]
    }
  }
}

# expect: fail
resource "aws_lb_listener_rule" "https_to_http" {
  listener_arn = aws_lb_listener.https.arn

  action {
    type = "redirect"
    redirect {
      protocol    = "HTTP"
      port        = "80"
      status_code = "HTTP_302"
    }
  }
  condition {
    path_pattern {
      values = ["/"]
    }
  }
}

# expect: unknown
resource "aws_lb_listener_rule" "elsewhere" {
  listener_arn = var.listener

  action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/servers/1"
  }
  condition {
    path_pattern {
      values = ["/ordering*"]
    }
  }
}
