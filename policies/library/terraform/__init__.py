"""Reading Terraform: HCL, Terraform JSON and plans become a `Configuration`, with every expression worked out.

checkov's own graph renders text by substitution: it loses indexes, iterators of dynamic blocks, functions and which
resource a value came from. The rules need those, so the files that checkov found are read here once more.
"""
