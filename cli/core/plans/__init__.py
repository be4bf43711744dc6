"""What terraform is about to do, read for people and for decisions.

`read` turns terraform's plan JSON into a `model.Plan`, `access` says what of it widens access, `stateful` what of it
loses data, `drift` what differs between two looks at reality; `saved` keeps a plan with what it was made from. Nothing
here runs terraform.
"""
