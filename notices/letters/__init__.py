"""Stage 2: drafts, their enclosures and steps, their numbers, and the letter that is made of them."""
