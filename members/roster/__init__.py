"""名簿: how the roster changes."""
