"""Environments: one YAML file each, the settings models they are read into, and the rules they obey.

Nothing in this package imports cdktf, the constructs or the command line.
"""
