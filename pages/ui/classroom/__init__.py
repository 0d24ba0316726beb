"""Ask the class: the lecturer's panel, the class's plain form, and where answers are kept."""
