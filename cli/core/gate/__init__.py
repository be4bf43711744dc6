"""The policy gate: checkov in a process of its own, every count checked, nothing passes unseen.

`targets` says what to scan, `process` runs `worker.scan` as a child, `protocol` is what the two say to each other,
`inventory` counts by itself what is on disk, `verdict` compares both: findings, and what the gate could not do. Only
`worker` imports checkov.
"""
