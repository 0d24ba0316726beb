"""Where the app keeps what outlives a session: its database, settings, codes, limits."""
