"""What every record of a text has in common: its tokens, and the key that tells it from others."""

from __future__ import annotations

from models.core.tokens import Encoded


class OfTokens:
    """Something with one entry a token of `source`; see models.core.tokens.Encoded."""

    __slots__ = ()

    source: Encoded

    @property
    def tokens(self) -> tuple[str, ...]:
        """The model's own tokens of the source."""
        return self.source.tokens

    @property
    def typed(self) -> tuple[str, ...]:
        """The same places as the visitor typed them (an uncased model drops letters' marks)."""
        return self.source.typed

    @property
    def special(self) -> tuple[bool, ...]:
        """Which ones the model added itself ([CLS], [SEP], </s> …)."""
        return self.source.special

    @property
    def segments(self) -> tuple[int, ...]:
        """0 or 1 a token for a sentence pair, else all 0."""
        return self.source.segments

    @property
    def unknown(self) -> tuple[bool, ...]:
        """Which ones the model has no token of its own for."""
        return self.source.unknown

    @property
    def cut(self) -> bool:
        """The text was longer than the model reads, and only its beginning is here."""
        return self.source.cut


class TextRecord(OfTokens):
    """A model's way through a text."""

    __slots__ = ()

    model_id: str
    text: str

    @property
    def key(self) -> tuple[object, ...]:
        """Model, texts and all else that it was made from, hashable: equal keys, equal numbers."""
        pair = getattr(self, "text_pair", None)
        return (type(self).__name__, self.model_id, self.text, pair, self.cut, self.source.ids)
