"""Server templates: security groups, launch template, instance profile, scaling group."""
