"""Lectures: stops in an order, each a state of the app with a question; the app plays them."""
