"""A visitor's own models: what they are called, which were opened, and fetching one.

Apart from `pages.ui.model`, which draws with `caches` and `frame`: both of these use what is here.
"""
