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

data "aws_lb_listener" "looked_up" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/edge/1"
  port              = 443
}

resource "aws_lb_listener_rule" "forward" {
  listener_arn = aws_lb_listener.https.arn

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

resource "aws_alb_listener_rule" "redirect" {
  listener_arn = aws_lb_listener.http.arn

  action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      host        = "www.meals.example"
      status_code = "HTTP_301"
    }
  }
  condition {
    host_header {
      values = ["meals.example"]
    }
  }
}

resource "aws_lb_listener_rule" "of_looked_up" {
  listener_arn = data.aws_lb_listener.looked_up.arn

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
