"""By what lists are narrowed; every choice stays in the address."""
