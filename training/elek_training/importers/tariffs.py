"""Tariff texts: TN VED of the EAEU (CSV, or the text of the official PDF), the US HTS, the Common High Priority List."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from elek_training.importers.reading import ImportRefused, csv_rows, digits_of, json_value
from elek_training.labelled import LabelledLine

WEIGHT = 0.5
"""Weight of an official text as a training line: it is not wording of trade."""

_TNVED_CODE = re.compile(r"^\s{0,3}(\d{4}(?: \d{2}(?: \d{3}(?: \d)?)?)?)\s+((?:–\s*)*)(\S.*)$")
_DUTY = re.compile(r"\s(?:шт|кг|т|м|м2|м3|л|г|пар|1000 шт|кВт|–)\s+[\d,.]+\S*.*$|\s(?:шт|кг|т|–)\s*$")
_PAGE = re.compile(  # the head of a table, repeated on every page of the PDF
    r"Код\s+ТН ВЭД|Наименование позиции|^\s*Доп\.|^\s*ед\.\s*изм|Ставка ввозной|пошлины|процентах от|либо в евро|в процентах|"
    r"долларах США"
)
_EMPTY_WORDS = frozenset({"прочие", "прочее", "прочий", "прочая", "other"})


def read_tnved(path: Path) -> Iterator[LabelledLine]:
    """Read TN VED texts: a CSV with `tnved10` and `description_ru`, or a chapter as text."""
    return _tnved_csv(path) if path.suffix.lower() == ".csv" else _tnved_text(path)


def _line(text: str, code: str, lang: str, source: str) -> LabelledLine:
    return LabelledLine(
        " ".join(text.split()),
        hs=code,
        lang=lang,
        source=source,
        group=f"{source}:{code[:6]}",
        line_id=code,
        weight=WEIGHT,
    )


def _tnved_csv(path: Path) -> Iterator[LabelledLine]:
    for number, row in csv_rows(path, ("tnved10", "description_ru")):
        code = digits_of(row["tnved10"])
        if len(code) != 10:
            raise ImportRefused(path, number, f"'{row['tnved10'][:20]}' is no code of 10 digits")
        text = row["description_ru"].strip(" :")
        if text.casefold() not in _EMPTY_WORDS and text:
            yield _line(text, code, "ru", "tnved")


def _tnved_text(path: Path) -> Iterator[LabelledLine]:
    """Read a chapter: each code with the words of the levels above it."""
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ImportRefused(path, 1, f"is not UTF-8 text ({error.reason})") from error
    above: dict[int, str] = {}
    code, depth, words = "", 0, ""
    starts = Counter(m.group(1)[:2] for row in rows if (m := _TNVED_CODE.match(row)))
    chapter = starts.most_common(1)[0][0] if starts else ""
    for row in [*rows, f"{chapter}00 end"]:
        found = _TNVED_CODE.match(row)
        if not found or found.group(1)[:2] != chapter or found.group(3).startswith(","):
            if code and row.strip() and not row.strip().isdigit() and not _PAGE.search(row) and len(words) < 400:
                words += " " + row.strip()
            continue
        if code:
            text = _DUTY.sub("", words).strip(" :–")
            above = {d: t for d, t in above.items() if d < depth} | {depth: text}
            path_words = [t for d, t in sorted(above.items()) if t.casefold() not in _EMPTY_WORDS]
            if path_words:
                digits = digits_of(code)
                yield _line(": ".join(path_words), digits[: len(digits) // 2 * 2], "ru", "tnved")
        code, depth, words = found.group(1), found.group(2).count("–"), found.group(3)
        if len(digits_of(code)) == 4:
            above, depth = {}, 0


def read_hts(path: Path) -> Iterator[LabelledLine]:
    """Read the US HTS as JSON: code to an object with `code` and `description`, levels parted by a dash."""
    raw = json_value(path)
    if not isinstance(raw, dict):
        raise ImportRefused(path, 1, "is no JSON object of codes")
    for number, (key, row) in enumerate(raw.items(), start=1):
        if not isinstance(row, dict) or not isinstance(row.get("description"), str):
            raise ImportRefused(path, number, f"entry '{str(key)[:20]}' has no description")
        code = digits_of(str(row.get("code", key)))
        levels = [t.strip(" :") for t in row["description"].split("—")]
        told = [t for t in levels if t.casefold() not in _EMPTY_WORDS]
        if 4 <= len(code) <= 10 and len(code) % 2 == 0 and told and int(code[:2]) < 98:
            yield _line(": ".join(told), code, "en", "hts")


def read_chpl(path: Path) -> Iterator[LabelledLine]:
    """Read the Common High Priority List: `hs6` and a description."""
    for number, row in csv_rows(path, ("hs6", "tier", "hs6_description_comtrade")):
        code = digits_of(row["hs6"])
        if len(code) != 6:
            raise ImportRefused(path, number, f"'{row['hs6'][:20]}' is no subheading")
        yield _line(row["hs6_description_comtrade"], code, "en", "chpl")
