"""Rules for the claims: who may and must reach whom over the network."""
