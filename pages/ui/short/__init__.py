"""Short links: a state of the app kept under a code, for addresses that hold not all of it."""
