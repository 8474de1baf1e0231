"""Stage 4: what recipients declare and ask, by themselves or with somebody's help."""
