"""terraform or tofu as a program that is run: found, started, watched, and never ended in the middle of its work.

`binary` finds it, `process` runs it, `events` reads what it says, `failures` says it in our words, `terraform` has a
method for each of its commands. Nothing here knows of plans, gates or environments.
"""
