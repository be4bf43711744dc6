variable "encrypted" {
  type = bool
}

# expect: fail
resource "aws_ebs_volume" "plain" {
  availability_zone = "us-east-1a"
  size              = 8
}

# expect: fail
resource "aws_ebs_volume" "managed" {
  availability_zone = "us-east-1a"
  encrypted         = true
}

# expect: unknown
resource "aws_ebs_volume" "unknown" {
  availability_zone = "us-east-1a"
  encrypted         = var.encrypted
  kms_key_id        = "alias/own"
}

# expect: fail
resource "aws_launch_template" "nothing_said" {
  name = "nothing-said"
}

# expect: fail
resource "aws_launch_template" "second_volume" {
  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      encrypted  = true
      kms_key_id = "alias/own"
    }
  }

  block_device_mappings {
    device_name = "/dev/sdb"

    ebs {
      encrypted = false
    }
  }
}

# expect: fail
resource "aws_launch_configuration" "plain" {
  image_id      = "ami-12345678"
  instance_type = "t3.micro"

  root_block_device {
    volume_size = 8
  }
}

# expect: fail
resource "aws_instance" "managed" {
  ami = "ami-12345678"

  root_block_device {
    encrypted  = true
    kms_key_id = "alias/aws/ebs"
  }
}

# expect: fail
resource "aws_ebs_encryption_by_default" "off" {
  enabled = false
}

# expect: fail
resource "aws_ami" "plain" {
  name = "plain"

  ebs_block_device {
    device_name = "/dev/xvda"
    volume_size = 8
  }
}

# expect: unknown
resource "aws_ebs_volume" "of_a_snapshot" {
  availability_zone = "us-east-1a"
  snapshot_id       = "snap-0123456789abcdef0"
}

# expect: fail
resource "aws_ebs_volume" "of_a_snapshot_in_the_clear" {
  availability_zone = "us-east-1a"
  snapshot_id       = "snap-0123456789abcdef0"
  encrypted         = false
}
