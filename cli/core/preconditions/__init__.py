"""What an account must have before an environment is applied to it: one precondition per file in `checks`.

`reader.py` asks the account and can only read. Each precondition judges what was asked. `run.py` asks all at once.
"""
