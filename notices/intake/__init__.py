"""Stage 1: what arrives is read, kept, corrected by staff, and registered as notices."""
