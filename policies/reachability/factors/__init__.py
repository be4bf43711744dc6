"""What lets traffic through, one mechanism in each file: pure functions from the network's parts to `Factor`s."""
