"""Seizure columns: which column of an officer's table holds what, by headers in English, Russian, Kazakh and Chinese."""

import re
from collections.abc import Mapping, Sequence

from elek.columns import find_columns
from elek.errors import ElekError, ManifestError

_HEADERS: dict[str, tuple[str, ...]] = {
    "actual_hs": (
        "actual hs", "actual hs code", "true hs", "true code", "correct hs", "correct code", "found hs", "hs found",
        "фактический код", "фактический код тн вэд", "верный код", "верный код тн вэд", "правильный код", "код по факту", "установленный код",
        "нақты код", "нақты сэқ тн коды", "анықталған код", "дұрыс код",
        "实际hs编码", "实际编码", "实际税号", "查验编码", "正确编码",
    ),
    "actual_control": (
        "actual control", "control entry", "control entries", "entry", "actual entry", "eccn", "control list entry",
        "позиция контрольного списка", "позиция списка", "контрольная позиция", "код контрольного списка", "контроль",
        "бақылау тізімінің тармағы", "бақылау тармағы", "бақылау",
        "管制编码", "管制条目", "管制清单条目",
    ),
    "case_id": (
        "case", "case id", "case no", "case number", "file number", "protocol",
        "дело", "номер дела", "№ дела", "протокол", "номер протокола", "акт",
        "іс", "іс нөмірі", "хаттама", "хаттама нөмірі",
        "案件", "案号", "案件编号",
    ),
    "shipper": (
        "shipper", "consignor", "exporter", "sender", "seller",
        "отправитель", "грузоотправитель", "экспортер", "поставщик",
        "жөнелтуші", "жүк жөнелтуші", "экспорттаушы",
        "发货人", "托运人", "出口商",
    ),
    "seized_at": (
        "seized at", "date", "date of seizure", "seizure date", "inspected at", "inspection date", "seized on",
        "дата", "дата изъятия", "дата досмотра", "дата задержания", "изъято",
        "күні", "тәркілеу күні", "тексеру күні",
        "日期", "查获日期", "查扣日期", "查验日期",
    ),
    "officer": (
        "officer", "inspector", "seized by", "inspected by",
        "инспектор", "сотрудник", "должностное лицо", "досмотрел",
        "инспектор аты", "қызметкер", "лауазымды тұлға",
        "关员", "查验人", "检查员",
    ),
    "typology": ("typology", "method", "concealment", "типология", "способ", "способ сокрытия", "тәсіл", "жасыру тәсілі", "手法", "藏匿方式"),
    "lang": ("lang", "language", "язык", "тіл", "语言"),
    "reason": ("reason", "note", "notes", "remark", "примечание", "основание", "ескертпе", "негіздеме", "备注", "理由"),
}  # fmt: skip

FIELDS = ("description", "declared_hs", *_HEADERS)
REQUIRED = ("description", "case_id", "seized_at", "officer")


def _key(header: str) -> str:
    return re.sub(r"[\s_]+", " ", header.replace("\ufeff", "").strip().casefold()).strip(" :.*")


_FIELD_OF = {_key(header): field for field, headers in _HEADERS.items() for header in headers}


def find_seizure_columns(header: Sequence[str], named: Mapping[str, str] | None = None) -> dict[str, int]:
    """Find the fields of a seizure among headers.

    Parameters
    ----------
    header : sequence of str
    named : mapping of str to str, optional
        Field to header, as given by ``--map``; goes before what is recognised.

    Returns
    -------
    dict of str to int
        Field to column number, from 0.

    Raises
    ------
    ElekError
        If a required column is missing or a named one is not there.

    Examples
    --------
    >>> find_seizure_columns(["Описание товара", "Код ТН ВЭД", "Фактический код", "№ дела", "Дата изъятия", "Инспектор"])
    {'description': 0, 'declared_hs': 1, 'actual_hs': 2, 'case_id': 3, 'seized_at': 4, 'officer': 5}
    """
    keys = [_key(cell) for cell in header]
    shown = ", ".join(str(cell)[:40] for cell in header)[:400]
    at: dict[str, int] = {}
    for field, name in (named or {}).items():
        if field not in FIELDS:
            raise ElekError(f"--map: '{field}' is no field of a seizure; the fields are {', '.join(FIELDS)}")
        if _key(name) not in keys:
            raise ElekError(f"--map: there is no column '{name}'; the columns are {shown}")
        at[field] = keys.index(_key(name))
    for column, key in enumerate(keys):
        field = _FIELD_OF.get(key, "")
        if field and field not in at and column not in at.values():
            at[field] = column
    mine: dict[str, str] = {name: header[at[name]] for name in ("description", "declared_hs") if name in at}
    rest = [cell if i not in at.values() or cell in mine.values() else "" for i, cell in enumerate(header)]
    try:
        goods = find_columns(rest, mine or None).at
    except ManifestError:
        raise ElekError(f"no column 'description' among: {shown}; name it with --map description=COLUMN") from None
    at |= {name: goods[name] for name in ("description", "declared_hs") if name in goods}
    for field in REQUIRED:
        if field not in at:
            raise ElekError(f"no column '{field}' among: {shown}; name it with --map {field}=COLUMN")
    if "actual_hs" not in at and "actual_control" not in at:
        raise ElekError(
            f"neither 'actual_hs' nor 'actual_control' among: {shown}; name one with --map actual_hs=COLUMN"
        )
    return {field: at[field] for field in FIELDS if field in at}
