"""Reports: the figures of one notice, or of a 年度, as they stood at a moment, and what one pharmacy did."""
