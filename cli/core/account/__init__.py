"""The AWS account of an environment, asked with boto3: on AWS, or in the sandbox that stands for it."""
