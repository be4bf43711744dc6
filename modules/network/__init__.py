"""The network: VPC, subnet replicas, routes, NACLs, endpoints, flow logs, DNS firewall, VPN."""
