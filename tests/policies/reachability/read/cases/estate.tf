# Everything else that has interfaces, in a VPC or the default one.

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_subnet" "b" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.2.0/24"
  map_public_ip_on_launch = true
}

resource "aws_security_group" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_db_subnet_group" "main" {
  name       = "main"
  subnet_ids = [aws_subnet.a.id, aws_subnet.b.id]
}

resource "aws_db_instance" "public" {
  instance_class         = "db.t3.micro"
  db_subnet_group_name   = "main"
  publicly_accessible    = true
  vpc_security_group_ids = [aws_security_group.main.id]
}

resource "aws_db_instance" "default" {
  instance_class = "db.t3.micro"
}

resource "aws_rds_cluster" "aurora" {
  engine                 = "aurora-postgresql"
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.main.id]
}

resource "aws_rds_cluster_instance" "aurora" {
  count               = 2
  cluster_identifier  = aws_rds_cluster.aurora.id
  engine              = "aurora-postgresql"
  instance_class      = "db.r6g.large"
  publicly_accessible = count.index == 1
}

resource "aws_elasticache_subnet_group" "main" {
  name       = "cache"
  subnet_ids = [aws_subnet.a.id]
}

resource "aws_elasticache_replication_group" "cache" {
  replication_group_id = "cache"
  description          = "cache"
  subnet_group_name    = aws_elasticache_subnet_group.main.name
  security_group_ids   = [aws_security_group.main.id]
}

resource "aws_redshift_subnet_group" "main" {
  name       = "warehouse"
  subnet_ids = [aws_subnet.a.id]
}

resource "aws_redshift_cluster" "warehouse" {
  cluster_identifier        = "warehouse"
  node_type                 = "ra3.large"
  cluster_subnet_group_name = aws_redshift_subnet_group.main.name
  vpc_security_group_ids    = [aws_security_group.main.id]
}

resource "aws_opensearch_domain" "search" {
  domain_name = "search"
  vpc_options {
    subnet_ids         = [aws_subnet.a.id]
    security_group_ids = [aws_security_group.main.id]
  }
}

resource "aws_opensearch_domain" "outside" {
  domain_name = "outside"
}

resource "aws_efs_mount_target" "files" {
  file_system_id  = "fs-1"
  subnet_id       = aws_subnet.a.id
  ip_address      = "10.0.1.9"
  security_groups = [aws_security_group.main.id]
}

resource "aws_mq_broker" "broker" {
  broker_name        = "broker"
  engine_type        = "RabbitMQ"
  engine_version     = "3.13"
  host_instance_type = "mq.t3.micro"
  subnet_ids         = [aws_subnet.a.id]
  security_groups    = [aws_security_group.main.id]
}

resource "aws_msk_cluster" "stream" {
  cluster_name           = "stream"
  kafka_version          = "3.8.x"
  number_of_broker_nodes = 2
  broker_node_group_info {
    instance_type   = "kafka.m7g.large"
    client_subnets  = [aws_subnet.a.id, aws_subnet.b.id]
    security_groups = [aws_security_group.main.id]
    connectivity_info {
      public_access {
        type = "SERVICE_PROVIDED_EIPS"
      }
    }
  }
}

resource "aws_pipes_pipe" "pipe" {
  name     = "pipe"
  role_arn = "arn:aws:iam::111111111111:role/pipe"
  source   = aws_msk_cluster.stream.arn
  target   = "arn:aws:sns:eu-west-1:111111111111:topic"
}

resource "aws_lambda_function" "inside" {
  function_name = "inside"
  role          = "arn:aws:iam::111111111111:role/inside"
  vpc_config {
    subnet_ids         = [aws_subnet.a.id]
    security_group_ids = [aws_security_group.main.id]
  }
}

resource "aws_lambda_function" "outside" {
  function_name = "outside"
  role          = "arn:aws:iam::111111111111:role/outside"
}

resource "aws_kinesis_firehose_delivery_stream" "delivery" {
  name        = "delivery"
  destination = "opensearch"
  opensearch_configuration {
    index_name = "delivery"
    vpc_config {
      subnet_ids         = [aws_subnet.a.id]
      security_group_ids = [aws_security_group.main.id]
      role_arn           = "arn:aws:iam::111111111111:role/delivery"
    }
  }
}

resource "aws_eks_cluster" "kubernetes" {
  name     = "kubernetes"
  role_arn = "arn:aws:iam::111111111111:role/kubernetes"
  vpc_config {
    subnet_ids = [aws_subnet.a.id, aws_subnet.b.id]
  }
}

resource "aws_eks_node_group" "nodes" {
  cluster_name  = aws_eks_cluster.kubernetes.name
  node_role_arn = "arn:aws:iam::111111111111:role/nodes"
  subnet_ids    = [aws_subnet.b.id]
  remote_access {
    ec2_ssh_key = "key"
  }
  scaling_config {
    desired_size = 1
    max_size     = 1
    min_size     = 1
  }
}

resource "aws_vpc_endpoint" "kms" {
  vpc_id            = aws_vpc.main.id
  service_name      = "com.amazonaws.eu-west-1.kms"
  vpc_endpoint_type = "Interface"
}

resource "aws_vpc_endpoint_subnet_association" "kms" {
  vpc_endpoint_id = aws_vpc_endpoint.kms.id
  subnet_id       = aws_subnet.a.id
}

resource "aws_vpc_endpoint_security_group_association" "kms" {
  vpc_endpoint_id   = aws_vpc_endpoint.kms.id
  security_group_id = aws_security_group.main.id
}

resource "aws_nat_gateway" "inside" {
  connectivity_type = "private"
  subnet_id         = aws_subnet.a.id
}

resource "aws_emr_cluster" "emr" {
  name          = "emr"
  release_label = "emr-7.0.0"
  service_role  = "arn:aws:iam::111111111111:role/emr"
  ec2_attributes {
    instance_profile                  = "emr"
    subnet_id                         = aws_subnet.b.id
    emr_managed_master_security_group = aws_security_group.main.id
    emr_managed_slave_security_group  = aws_security_group.main.id
  }
}

resource "aws_instance" "default" {
  ami             = "ami-1"
  instance_type   = "t3.small"
  security_groups = ["web"]
}

resource "aws_security_group" "web" {
  name = "web"
  ingress {
    from_port        = 80
    to_port          = 80
    protocol         = "tcp"
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

# What is reached past the gateways of the VPC.

resource "aws_lb" "inside" {
  internal           = true
  load_balancer_type = "network"
  subnets            = [aws_subnet.a.id]
}

resource "aws_lb_listener" "inside" {
  load_balancer_arn = aws_lb.inside.arn
  port              = 443
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.inside.arn
  }
}

resource "aws_lb_target_group" "inside" {
  port     = 443
  protocol = "TCP"
  vpc_id   = aws_vpc.main.id
}

resource "aws_globalaccelerator_accelerator" "world" {
  name = "world"
}

resource "aws_globalaccelerator_listener" "world" {
  accelerator_arn = aws_globalaccelerator_accelerator.world.id
  protocol        = "TCP"
  port_range {
    from_port = 443
    to_port   = 443
  }
}

resource "aws_globalaccelerator_endpoint_group" "world" {
  listener_arn = aws_globalaccelerator_listener.world.id
  endpoint_configuration {
    endpoint_id = aws_lb.inside.arn
  }
}

resource "aws_api_gateway_vpc_link" "api" {
  name        = "api"
  target_arns = [aws_lb.inside.arn]
}
