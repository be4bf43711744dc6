"""One command per file, each as `command`: options, one call, print. Heavy imports stay inside the function bodies."""
