"""Who can reach whom over the network that Terraform describes, as exact sets of traffic."""
