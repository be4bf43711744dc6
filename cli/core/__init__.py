"""What the commands do, as functions that know neither click nor the constructs."""
