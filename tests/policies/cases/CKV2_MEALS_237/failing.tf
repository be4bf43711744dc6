# expect: fail
resource "aws_emr_block_public_access_configuration" "off" {
  block_public_security_group_rules = false
}

# expect: fail
resource "aws_emr_block_public_access_configuration" "permitted" {
  block_public_security_group_rules = true

  permitted_public_security_group_rule_range {
    min_range = 22
    max_range = 443
  }
}

# expect: fail
resource "aws_ebs_snapshot_block_public_access" "new_ones" {
  state = "block-new-sharing"
}

# expect: fail
resource "aws_ec2_image_block_public_access" "off" {
  state = "unblocked"
}

# expect: fail
resource "aws_vpc_block_public_access_options" "off" {
  internet_gateway_block_mode = "off"
}

# expect: fail
resource "aws_vpc_block_public_access_exclusion" "both_ways" {
  vpc_id                          = "vpc-12345678"
  internet_gateway_exclusion_mode = "allow-bidirectional"
}

# expect: fail
resource "aws_ssm_service_setting" "documents" {
  setting_id    = "arn:aws:ssm:us-east-1:111122223333:servicesetting/ssm/documents/console/public-sharing-permission"
  setting_value = "Enable"
}
