"""How cdktf and the AWS bindings load and run: what is patched, why, and how to remove it is in README.md."""
