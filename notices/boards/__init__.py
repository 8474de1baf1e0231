"""Stage 5: who was reached, who confirmed, who finished, who is stuck, and what to do next."""
