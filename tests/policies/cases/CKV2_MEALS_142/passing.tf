resource "aws_kms_key" "own" {
  enable_key_rotation = true
}

resource "aws_ebs_volume" "volume" {
  availability_zone = "us-east-1a"
  encrypted         = true
  kms_key_id        = aws_kms_key.own.arn
}

resource "aws_launch_template" "server" {
  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      encrypted  = "true"
      kms_key_id = aws_kms_key.own.arn
    }
  }

  block_device_mappings {
    device_name  = "/dev/sdb"
    virtual_name = "ephemeral0"
  }
}

resource "aws_launch_configuration" "server" {
  image_id      = "ami-12345678"
  instance_type = "t3.micro"

  root_block_device {
    encrypted = true
  }
}

resource "aws_instance" "server" {
  ami = "ami-12345678"

  root_block_device {
    encrypted  = true
    kms_key_id = aws_kms_key.own.arn
  }

  dynamic "ebs_block_device" {
    for_each = ["/dev/sdb", "/dev/sdc"]

    content {
      device_name = ebs_block_device.value
      encrypted   = true
      kms_key_id  = aws_kms_key.own.arn
    }
  }
}

resource "aws_instance" "of_template" {
  launch_template {
    id = aws_launch_template.server.id
  }
}

resource "aws_ebs_snapshot_copy" "copy" {
  source_snapshot_id = "snap-12345678"
  source_region      = "us-east-1"
  encrypted          = true
  kms_key_id         = aws_kms_key.own.arn
}

resource "aws_ebs_encryption_by_default" "on" {
}

resource "aws_ami" "encrypted" {
  name = "encrypted"

  ebs_block_device {
    device_name = "/dev/xvda"
    volume_size = 8
    encrypted   = true
  }
}
