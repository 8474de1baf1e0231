"""The real servers that tests talk to: Redis, SMTP, and the site's own processes."""
