"""The way through a recurrent network, under the name that a notebook imports."""

from models.lstm.record import run

__all__ = ["run"]
