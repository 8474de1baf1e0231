"""The members' lists as tables."""
