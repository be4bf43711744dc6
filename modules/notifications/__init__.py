"""SNS topics: the facade for SMS, e-mail and mobile push."""
