"""A record's own arrays by name, and the files that carry them away."""
