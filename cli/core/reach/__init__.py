"""Who reaches whom, asked by name and answered with the reason."""
