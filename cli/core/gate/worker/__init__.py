"""The process that runs checkov for the gate. Nothing else imports checkov."""
