"""Fifty mixed sentences: lengths, languages, signs and repetitions that texts really have."""

from __future__ import annotations

_ENGLISH = (
    "The cat sat down because it was tired",
    "A small boat drifted past the empty harbour.",
    "Why does nobody answer the telephone?",
    "She said that he knew that they had left.",
    "Rain, wind and hail; then, at last, the sun!",
    "The keys to the old cabinet are on the table.",
    "Time flies like an arrow, fruit flies like a banana.",
    "No.",
    "It is what it is, and it was what it was.",
    "Buffalo buffalo buffalo buffalo buffalo.",
    "In 1987 the river rose 3.75 metres in 12 hours.",
    "The bank by the river has no money in it.",
    "Please don't, can't you see it's asleep?",
    "Every student who had read the book liked it.",
    "Neither the teacher nor the children were late.",
    "An unbelievably uncharacteristic misunderstanding occurred.",
    "Colourless ideas slept furiously until Tuesday.",
    "What you see depends on where you stand.",
    "He gave her the map, and she gave him the compass.",
    "The doctor called the patient because she was worried.",
)
_TURKISH = (
    "Kedi yorgun olduğu için oturdu.",
    "Koşarken yemek yedik.",
    "Işık söndü, İstanbul karanlıkta kaldı.",
    "Çocuk ağacın altında uyuyor mu?",
    "Şair gülü övdü, gül de şairi.",
    "Öğretmenin kitabını okuyan öğrenci güldü.",
    "Dün gece çok geç geldiler.",
    "Üç yüz otuz üç küçük kuş uçtu.",
    "Ilık bir bahar akşamı, ince bir yağmur.",
    "Gördüğümü gördüğünü sanmıyorum.",
)
_ODD = (
    "1 + 1 = 2, 2 + 2 = 4, 4 + 4 = 8",
    "a b c d e f g h i j k l m n o p",
    "same same same same same same same same",
    "def f(x): return x ** 2  # a comment",
    "https://example.org/path?query=1&other=two",
    "😀 smiling 🙃 upside down 🎈",
    "naïve café, coöperate, Ångström, façade",
    "<b>bold</b> & <i>italic</i>",
    "ALL CAPITALS SHOUT AT THE READER",
    "e\u0301 and é are the same letter",
    "«Guillemets», “quotes”, ‘single’ and „low“",
    "日本語 と 中文 and 한국어",
    "السلام عليكم means peace be upon you",
    "α + β ≤ γ, ∑ x² = 1, −∞ < t < ∞",
    "one, two;three:four.five!six?seven",
    "   spaces   everywhere   here   ",
)
_LONG = tuple(
    " ".join([*_ENGLISH[start : start + 5], *_TURKISH[start : start + 2]]) for start in (0, 3, 6, 8)
)
MIXED = _ENGLISH + _TURKISH + _ODD + _LONG
