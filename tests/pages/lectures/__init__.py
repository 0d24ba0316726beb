"""Lectures: their format, what plays them, and whether the shipped ones say what pages show."""
