"""Private subnets are out of the internet's reach, and it is out of theirs: claims C1 to C4."""
