"""Running terraform or tofu, without ever ending it in the middle of its work.

`binary` finds the program, `process` runs it, `events` reads its output, `failures` explains its errors, `cli` has a
method for each of its commands, `lockfile` reads the provider versions. Nothing here knows plans or gates.
"""
