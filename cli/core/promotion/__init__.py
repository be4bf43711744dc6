"""Promotion: what a release must have to climb, the file that it is written to, and the log of what was done."""
