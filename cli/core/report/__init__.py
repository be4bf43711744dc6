"""One page about environments: what the proofs, the gate and the records say, for whoever would rather look."""
