"""The policy gate: checkov in a process of its own, every count checked, nothing passes unseen.

`targets` says what to scan, `process` runs `scan` as a child, `inventory` counts by itself what is on disk, `verdict`
compares both and says what was found and what the gate could not do. Only `scan` imports checkov.
"""
