"""The toolkit's bill of materials, from its locks and what is installed."""
