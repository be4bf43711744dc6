"""What the commands about terraform do, from start to end: a stack is synthesized, checked, planned, applied, recorded.

`open_stack` begins each, `plan_policy` asks the gate, `provenance` has what a plan is made from, and each of the other
files does the work of a command.
"""
