"""Stage 3: whom a release is for, and sending every message of it."""
