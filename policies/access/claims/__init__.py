"""The claims about who may do what to which data (policies/access.yaml), and how they are judged."""
