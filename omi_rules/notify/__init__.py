"""Messages about what changed: a digest for each team and the area, and alerts first; by mail, webhook or files."""
