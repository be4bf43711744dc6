"""What the commands about terraform do, from start to end: a stack is synthesized, judged, planned, applied, recorded.

`workspace` says where, `evidence` what from, `plan_policy` asks the gate, and each of the others is a command's work.
"""
