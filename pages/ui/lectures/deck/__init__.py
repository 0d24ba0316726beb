"""A lecture as slides: its states opened in a process of its own, and a file made of them."""
