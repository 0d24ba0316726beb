"""Commands that make a lecture's slides; how is in `pages/ui/lectures/deck/`."""
