"""What can go wrong beside a model: the machines that hold it."""

from models.errors import InputError


class NoAnswer(InputError):
    """The machines that hold the models gave no answer, asked twice; details: none."""
