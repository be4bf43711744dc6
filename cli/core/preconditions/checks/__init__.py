"""The preconditions, one subject per file. `preconditions(subject)` yields what applies to a stack's content."""
