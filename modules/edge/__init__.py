"""Where requests enter: DNS, certificates, load balancers, user pool, web ACL."""
