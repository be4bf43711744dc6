"""The policy gate: rules, the library they share, reachability, and the border to checkov."""
