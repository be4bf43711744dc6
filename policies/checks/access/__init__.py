"""Rules about who may do what to which data: the claims of policies/access.yaml."""
