"""How cdktf and the AWS bindings are loaded and run."""
