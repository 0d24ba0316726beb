"""config.json → a configuration, refused from its text alone where no model can have such values.

Imports transformers only where it asks for the family's own class.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from models.core.loaded import MAX_TOKENS
from models.errors import (
    NoConfiguration,
    NotBuildable,
    PrunedHeads,
    QuantizedWeights,
    SizeOutOfRange,
    UnknownFamily,
    WrongSetting,
)
from models.loading.weights import listing

# Names of sizes, in any family: which whole numbers a model can have there. A thousand layers are
# built in seconds, 10⁹ never; the largest published models stay far below each of these.
_MOST_LAYERS = 1_000
_MOST_FILLED = 2_048
SIZES: tuple[tuple[re.Pattern[str], int, int], ...] = tuple(
    (re.compile(names), least, most)
    for names, least, most in (
        (r"(^|_)layers?$|^depths?$|^block_(sizes|repeats)$", 0, _MOST_LAYERS),
        (r"^(n|num)_(\w+_)?heads?$|_attention_heads$", 1, 4_096),
        (r"^(hidden_size|d_model|n_embd|dim|embed_dim|embedding_size)$", 1, 1_000_000),
        (r"^(head_dim|d_kv|d_head|image_size|patch_size|num_channels)$", 1, 1_000_000),
        (r"^vocab_size$", 1, 10_000_000),
        (
            r"^(max_position_embeddings|n_positions|n_ctx|max_(source|target)_positions)$",
            1,
            100_000_000,
        ),
        (r"^(sliding_window|attention_chunk_size)$", 1, 2_000_000_000),
        (r"^(intermediate_size|d_ff|ffn_dim|\w+_ffn_dim)$", 0, 100_000_000),
        (r"experts$", 0, 10_000),
        (r"^num_labels$", 0, 100_000),
        # What a text is filled up to, however short: a score for each cell of a window or block.
        (r"^(attention_window|local_radius|block_size|\w+_attn_chunk_length)$", -1, _MOST_FILLED),
        (r"^num_hashes$", -1, 64),
        (r"^num_buckets$", -1, 16_384),
        # −1 and 0 switch such a part off in some family or other.
        (r"^(num|n)_|(_size|_dim|_rank|_inner|_buckets|d_ff|d_inner|_groups)$", -1, 100_000_000),
    )
)
# So often the longest text can be halved, and two tokens are left.
MOST_BLOCKS = MAX_TOKENS.bit_length() - 2
_COUNTS = ("num_", "n_")
# Numbers of which a root or a logarithm is taken.
_POSITIVE = ("query_pre_attn_scalar", "rope_theta", "theta")
# Whose keys are the checkpoint's own words, or tell of something else than the model.
_NOT_SIZES = {"label2id", "id2label", "task_specific_params", "pruned_heads"}
_QUANTIZED = ("quantization_config", "compression_config")
# What transformers no longer computes, by the only value that is still right.
GONE = {"position_embedding_type": "absolute"}
_NAMED = (
    *("hidden_size", "d_model", "n_embd", "num_hidden_layers", "n_layer", "num_layers"),
    *("num_attention_heads", "n_head", "num_heads", "head_dim", "hidden_act"),
    *("vocab_size", "pad_token_id"),
)
_FIELD = re.compile(r"for field '(\w+)'")


def read(folder: Path, model_id: str) -> dict[str, Any]:
    """config.json as it stands. Raises NoConfiguration."""
    return parsed(folder / "config.json", model_id)


def parsed(file: Path, model_id: str) -> dict[str, Any]:
    """As `read`, of a file that may have another name."""
    try:
        raw = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise NoConfiguration(f"{model_id}: {error}", files=listing(file.parent)) from error
    if not isinstance(raw, dict):
        raise NoConfiguration(f"{model_id}: no names in it", files=listing(file.parent))
    return raw


def configuration(folder: Path, raw: Mapping[str, Any]) -> Any:
    """The family's configuration of a checked config.json.

    Raises SizeOutOfRange, WrongSetting, NotBuildable, UnknownFamily, QuantizedWeights, PrunedHeads.
    """
    check_family(raw)
    from transformers import AutoConfig

    try:
        found = AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
        found.return_dict = True  # how its owner wished to be answered is no part of the model
        return found
    except Exception as error:  # a family's own checks raise all sorts
        field = _FIELD.search(str(error))
        if field is not None:
            raise _wrong(field[1], raw.get(field[1])) from error
        raise not_buildable(raw, error) from error


def check_family(raw: Mapping[str, Any]) -> None:
    """As `check`; UnknownFamily: transformers has no class for it, and its own code is not run."""
    check(raw)
    from transformers import CONFIG_MAPPING

    family = str(raw["model_type"])
    if family not in CONFIG_MAPPING:
        raise UnknownFamily(f"transformers has no family {family}", family=family)
    if raw.get("auto_map"):
        import transformers

        # A class of the folder's own may attend otherwise than the family whose name it bears.
        own = [name for name in raw.get("architectures") or () if not hasattr(transformers, name)]
        if own:
            raise UnknownFamily(f"transformers has no class {own[0]}", family=own[0])


def check(raw: Mapping[str, Any]) -> None:
    """No size that no model has, no number that is none, no weights made small or cut away."""
    for name, value in _settings(raw):
        # Qwen 2 MoE writes 0 for the window that it does not use.
        if (name, value) != ("sliding_window", 0) or raw.get("use_sliding_window") is not False:
            _check_size(name, value)
        if isinstance(value, float) and not math.isfinite(value):
            raise _wrong(name, value)
        if name in _POSITIVE and isinstance(value, int | float) and value <= 0:
            raise _wrong(name, value)
    _check_buckets(raw)
    _check_blocks(raw)
    _check_chunks(raw)
    if not isinstance(raw.get("model_type"), str) or not raw["model_type"]:
        raise _wrong("model_type", raw.get("model_type"))
    architectures = raw.get("architectures") or []
    if not isinstance(architectures, list) or any(type(n) is not str for n in architectures):
        raise _wrong("architectures", architectures)
    for name in _QUANTIZED:
        if raw.get(name):
            method = raw[name].get("quant_method") if isinstance(raw[name], dict) else raw[name]
            raise QuantizedWeights(f"{name}: {method}", method=str(method or name))
    pruned = raw.get("pruned_heads")
    if pruned:
        layers = sorted(pruned, key=str) if isinstance(pruned, dict) else [str(pruned)]
        raise PrunedHeads(f"pruned heads in {layers}", layers=", ".join(map(str, layers)))


def check_computed(raw: Mapping[str, Any], config: Any) -> None:
    """WrongSetting: it asks for something that transformers computed once and now ignores."""
    for name, only in GONE.items():
        if raw.get(name, only) != only and not hasattr(type(config), name):
            raise _wrong(name, raw[name])


def check_ids(model: Any, rows: int) -> None:
    """SizeOutOfRange: what a decoder reads or writes first is none of the `rows` embeddings."""
    for said in (model.config, getattr(model, "generation_config", None)):
        for name in ("decoder_start_token_id", "forced_bos_token_id"):
            value = getattr(said, name, None)
            if isinstance(value, int) and not 0 <= value < rows:
                raise _out_of_range(name, value, 0, rows - 1)


def not_buildable(raw: Mapping[str, Any], error: Exception) -> NotBuildable:
    """The refusal of a configuration that the family's own code cannot make a model of."""
    values = ", ".join(f"{n} = {shown(raw[n])}" for n in _NAMED if n in raw)
    family = str(raw.get("model_type"))
    return NotBuildable(f"{family}: {error}", family=family, values=values or "–")


def _settings(raw: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(name, value) of everything that is no table itself, the tables' own contents too."""
    for name, value in raw.items():
        if isinstance(value, dict):
            yield from () if name in _NOT_SIZES else _settings(value)
        else:
            yield name, value


def _check_size(name: str, value: Any) -> None:
    if value is None:
        return
    for pattern, least, most in SIZES:
        if pattern.search(name):
            numbers = value if isinstance(value, list) else [value]
            counts = least > 0 or (least == 0 and name.startswith(_COUNTS))
            if isinstance(value, list) or not counts:
                numbers = [n for n in numbers if type(n) is int]  # a switch, names of kinds
            if any(type(n) is not int or not least <= n <= most for n in numbers):
                raise _out_of_range(name, value, least, most)
            return


def _check_buckets(raw: Mapping[str, Any]) -> None:
    """T5's: half of them hold one distance each, the others what lies between that and the most."""
    buckets, name = raw.get("relative_attention_num_buckets"), "relative_attention_max_distance"
    if type(buckets) is int and type(raw.get(name)) is int and raw[name] <= buckets // 2:
        raise _out_of_range(name, raw[name], buckets // 2 + 1, 100_000_000)


def _check_blocks(raw: Mapping[str, Any]) -> None:
    """Funnel's: each halves a text, and each layer of one is gone through as often as it says."""
    sizes, repeats = raw.get("block_sizes"), raw.get("block_repeats")
    if not isinstance(sizes, list):
        return
    if not 1 <= len(sizes) <= MOST_BLOCKS:
        raise _out_of_range("len(block_sizes)", len(sizes), 1, MOST_BLOCKS)
    times = repeats if isinstance(repeats, list) else [1] * len(sizes)
    pairs = zip(sizes, times, strict=False)  # of other lengths its class refuses it
    layers = sum(a * b for a, b in pairs if type(a) is int and type(b) is int)
    if not 0 <= layers <= _MOST_LAYERS:
        raise _out_of_range("Σ block_sizes · block_repeats", layers, 0, _MOST_LAYERS)


def _check_chunks(raw: Mapping[str, Any]) -> None:
    """Reformer's: a text is filled up to whole chunks of both kinds at once."""
    both = [raw.get(f"{kind}_attn_chunk_length", 64) for kind in ("lsh", "local")]
    if all(type(one) is int and one > 0 for one in both):
        together = math.lcm(*both)
        if together > _MOST_FILLED:
            name = "lcm(lsh_attn_chunk_length, local_attn_chunk_length)"
            raise _out_of_range(name, together, 1, _MOST_FILLED)


def _out_of_range(name: str, value: Any, least: int, most: int) -> SizeOutOfRange:
    return SizeOutOfRange(
        f"{name} = {value}: {least}..{most}",
        name=name,
        value=shown(value),
        least=least,
        most=most,
    )


def _wrong(name: str, value: Any) -> WrongSetting:
    return WrongSetting(f"{name} = {value}", name=name, value=shown(value))


def shown(value: Any) -> str:
    """A value as a sentence repeats it."""
    said = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
    return said if len(said) <= 40 else said[:39] + "…"
