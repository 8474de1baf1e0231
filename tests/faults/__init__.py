"""What happens to a release while processes, servers and databases fail: FAULTS of delivery with real processes."""
