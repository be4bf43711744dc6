"""The claims: who must be able to open connections to whom, and who must not."""
