"""Reading Terraform: HCL, Terraform JSON and plans become a `Configuration`, with every expression worked out.

Rules need indexes, iterators of dynamic blocks, functions and the resource that a value comes from. A graph that
renders text by substitution loses all of them, so the files are read here.
"""
