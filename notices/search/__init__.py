"""Searching the archive: what stands where, kept beside the notices, and found again by whatever stands in it."""
