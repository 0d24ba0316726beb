"""What both recurrent models have: a table of word vectors, first weights. Imports torch."""

from __future__ import annotations

from torch import nn
from transformers import PreTrainedModel
from transformers import initialization as init


class WordVectorModel(PreTrainedModel):  # type: ignore[misc]
    """A model that reads words through `embedding`.

    Its configuration has initializer_range, the spread of untrained word vectors.
    """

    base_model_prefix = "model"
    embedding: nn.Embedding

    def _init_weights(self, module: nn.Module) -> None:
        """Word vectors as the configuration says; all else keeps torch's own start."""
        if isinstance(module, nn.Embedding):
            init.normal_(module.weight, std=self.config.initializer_range)

    def get_input_embeddings(self) -> nn.Module:
        """The word vectors; an encoder-decoder's of both sides."""
        return self.embedding
