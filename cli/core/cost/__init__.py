"""What Terraform costs in a month, from a dated table of prices."""
