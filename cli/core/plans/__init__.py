"""What terraform is about to do, read for people and for decisions.

`reader` turns terraform's plan JSON into a `model.Plan`, `access` says what of it widens access, `stateful` what of it
loses data, `drift` what changed in AWS since; `saved_plan` keeps a plan with what it was made from. Nothing here runs
terraform.
"""
