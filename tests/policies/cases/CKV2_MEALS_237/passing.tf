resource "aws_emr_block_public_access_configuration" "on" {
  block_public_security_group_rules = true

  permitted_public_security_group_rule_range {
    min_range = 22
    max_range = 22
  }
}

resource "aws_ebs_snapshot_block_public_access" "on" {
  state = "block-all-sharing"
}

resource "aws_ec2_image_block_public_access" "on" {
  state = "block-new-sharing"
}

resource "aws_vpc_block_public_access_options" "on" {
  internet_gateway_block_mode = "block-ingress"
}

resource "aws_vpc_block_public_access_exclusion" "out" {
  vpc_id                          = "vpc-12345678"
  internet_gateway_exclusion_mode = "allow-egress"
}

resource "aws_ssm_service_setting" "documents" {
  setting_id    = "/ssm/documents/console/public-sharing-permission"
  setting_value = "Disable"
}

resource "aws_ssm_service_setting" "other" {
  setting_id    = "/ssm/parameter-store/high-throughput-enabled"
  setting_value = "true"
}
