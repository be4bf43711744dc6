"""Where terraform runs for a stack: on AWS, in the sandbox, or in a scratch directory."""
