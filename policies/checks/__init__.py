"""The directory that checkov is given: rules and nothing else."""
