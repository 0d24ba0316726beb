"""Figures and sums as files that stand by themselves: pictures, a page, a document."""
