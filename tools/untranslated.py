"""What a language does not say yet: `make untranslated`.

Exit status 1 when one says less than the default language though its frame.po does not tell so.
"""

from __future__ import annotations

import sys

from pages.ui import text


def keys(language: str) -> list[str]:
    """The keys of sentences that stand in English, in their files' order."""
    own = text.catalogue(language)
    return [key for key in text.catalogue(text.DEFAULT_LANGUAGE) if not own.get(key)]


def files(language: str) -> list[str]:
    """The lessons and lectures that are read in English, below the language's folder."""
    default, own = text.FOLDER / text.DEFAULT_LANGUAGE, text.FOLDER / language
    found = (path.relative_to(default) for path in default.rglob("*.md"))
    return sorted(path.as_posix() for path in found if not (own / path).is_file())


def told(language: str) -> str:
    """Both, a line each, below a line that counts them."""
    sentences, prose = keys(language), files(language)
    name = f"{text.endonym(language)} ({language})"
    head = f"{name}: {len(sentences)} sentences and {len(prose)} files stand in English"
    return "\n  ".join((head, *sentences, *prose))


def main() -> int:
    """Prints every language but the default one."""
    others = [one for one in text.SPOKEN if one != text.DEFAULT_LANGUAGE]
    for language in others:
        print(told(language))
    return int(any(keys(one) or files(one) for one in others if one in text.LANGUAGES))


if __name__ == "__main__":
    sys.exit(main())
