"""再通知: the days on which somebody is reminded, who that is, and what the message says."""
