"""Who may do what to which data, asked by name and answered with the reason."""
