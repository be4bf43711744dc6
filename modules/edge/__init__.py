"""What the internet sees: names, certificates, load balancers, sign-in and the web firewall."""
