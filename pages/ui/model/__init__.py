"""Which model a page shows, and between which languages it translates: the fields to choose."""
