"""Who may do what to which data: every policy that takes part in a request, decided together."""
