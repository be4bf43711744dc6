"""Amazon MQ: the queue between modules."""
