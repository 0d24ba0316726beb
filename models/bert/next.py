"""How BERT judges a pair of sentences: [CLS] → pooler → two logits → softmax.

Next-sentence prediction: Devlin et al. 2019, section 3.1. Imports no torch by itself.
"""

from __future__ import annotations

from models.bert.heads import judges_pairs
from models.bert.trace import Judgement
from models.catalog import soundless
from models.core import tokens
from models.core.loaded import LoadedModel
from models.errors import NoHead
from models.record import as_numpy, finite, inputs_of
from models.trace import Projection


def judged(model: LoadedModel | str, text: str, pair: str, *, cut: bool = False) -> Judgement:
    """Whether `pair` is the sentence after `text`, with all that makes the model say so.

    Raises errors.NoHead, EmptyText (a blank sentence), BrokenNumbers, and as LoadedModel.encode.
    """
    from models.recording import layer_calls

    loaded = soundless(model)
    if not judges_pairs(loaded):
        raise NoHead(f"{loaded.card.id} judges no pairs", model=loaded.card.title)
    encoded = loaded.encode(text, tokens.clean(pair[: tokens.MAX_CHARACTERS + 1 - cut]), cut=cut)
    layers = {"pooler": loaded.model.bert.pooler.dense, "judge": loaded.model.cls.seq_relationship}
    out, calls = layer_calls.forward(loaded.model, inputs_of(loaded, encoded), layers)
    logits = finite(loaded, as_numpy(out.seq_relationship_logits[0]))
    w = {
        name: Projection(as_numpy(one.weight).T, as_numpy(one.bias)) for name, one in layers.items()
    }
    return Judgement(
        model_id=loaded.card.id,
        source=encoded,
        first=as_numpy(calls["pooler"].given[0]),
        pooler=w["pooler"],
        judge=w["judge"],
        pooled=as_numpy(calls["judge"].given[0]),
        logits=logits,
        text=text,
        text_pair=pair,
    )
