"""`infra new`: what one more server, consumer, channel, topic, environment or rule adds to the files of the project."""
