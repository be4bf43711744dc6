"""Kafka (MSK) and the three consumers of the stream."""
