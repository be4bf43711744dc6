"""What terraform is about to do, read for people and for decisions.

`reader` turns terraform's plan JSON into a `model.Plan`. `structure` says what differs between two values, `texts` what
differs within texts, `details` within policies and what is not known yet; `secrets` masks. `access` says what of a plan
widens access, with what `names` and `references` know of its resources; `stateful` what of it loses data, `facts` what
tells a resource; `drift` and `foreign` what changed in AWS since. `saved_plan` keeps a plan with what it was made from.
Nothing here runs terraform.
"""
