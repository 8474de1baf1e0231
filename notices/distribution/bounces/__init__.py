"""戻ったメール: reports from mail servers that a message did not arrive, from their bytes to the delivery's state."""
