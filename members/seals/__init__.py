"""封: sealing the history, mailing the seals, and finding out whether anything was changed since."""
