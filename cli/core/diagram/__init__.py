"""The picture of a network: what stands where, and one arrow for each row of who can reach whom."""
