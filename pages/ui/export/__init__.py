"""Taking along what is on screen: what a run drew, the files made of it, the button that asks."""
