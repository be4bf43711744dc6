"""What everything else in `core` stands on: errors and exit codes, whole-file writes, digests, git, addresses."""
