"""Files from outside: what they are by their content, and what of them is refused. Nothing here opens them for use."""
