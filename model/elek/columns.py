"""Columns: which column of a manifest holds which field, by headers in English, Russian, Kazakh and Chinese."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from elek.errors import ManifestError

FIELDS = (
    "description", "declared_hs", "line_id", "consignment_id", "quantity", "unit", "net_weight_kg", "value_usd",
)  # fmt: skip

MAX_HEADER = 200
"""Characters of the longest header; a longer cell is text."""

MAX_COLUMNS = 16_384
"""Columns in which headers are sought; a spreadsheet has no more."""

OUTCOME = "outcome"
"""What an inspection found, when the file carries it: read for precision and recall at a budget, never for a score."""

_HEADERS: dict[str, tuple[str, ...]] = {
    "description": (
        "description", "goods description", "description of goods", "commodity description", "goodsdescription", "item description",
        "cargo description", "product description", "description of commodities", "name of goods", "goods name", "product name",
        "commodity name", "item name", "commodity", "product", "goods", "text",
        "описание товара", "описание товаров", "наименование товара", "наименование товаров", "описание", "описание груза",
        "описание и наименование товара", "наименование и описание товара", "грузовые места и описание товаров",
        "наименование и характеристика товара", "наименование продукции", "наименование груза", "наименование тмц", "наименование",
        "номенклатура", "товар", "товары", "груз", "продукция",
        "тауар сипаттамасы", "тауардың сипаттамасы", "тауарлардың сипаттамасы", "тауар атауы", "тауардың атауы", "тауарлардың атауы",
        "жүк атауы", "жүктің атауы", "өнім атауы", "өнімнің атауы", "сипаттама", "сипаттамасы", "атауы", "тауар", "жүк",
        "货物名称", "商品名称", "货物描述", "商品描述", "商品名称及规格", "商品名称及规格型号", "商品名称、规格型号", "商品名称,规格型号",
        "货物名称及规格", "货物品名", "中文品名", "英文品名", "品名", "货名", "品名规格", "物品名称", "产品名称", "名称", "描述", "货物",
    ),
    "declared_hs": (
        "declared hs", "declared hs code", "hs code", "hscode", "hs-code", "declared code", "tariff code", "commodity code", "hts",
        "hts code", "tnved", "tn ved", "tn ved code", "hs tariff code", "customs tariff code", "customs code", "tariff number", "hs no",
        "код тн вэд", "код тн вэд еаэс", "код товара по тн вэд", "код товара по тн вэд еаэс", "код по тн вэд", "код по тн вэд еаэс",
        "тн вэд", "тн вэд еаэс", "код тнвэд", "тнвэд", "заявленный код", "код тн вэд снг", "товарный код", "таможенный код",
        "код товара", "код hs", "код гс", "код",
        "сэқ тн коды", "еаэо сэқ тн коды", "еаэо сэқ тн бойынша коды", "сэқ тн бойынша коды", "сэқ тн", "тн коды", "мәлімделген код",
        "тауар коды", "тауардың коды", "коды",
        "hs编码", "hs 编码", "hs码", "海关编码", "海关商品编码", "商品编码", "商品编号", "税则号列", "税则号", "税号", "申报编码", "编码",
    ),
    "line_id": (
        "line id", "line no", "line number", "item no", "item number", "line", "no", "item", "row", "id", "#", "s/n", "sn", "pos",
        "position",
        "№ п/п", "n п/п", "номер строки", "номер товара", "№ товара", "порядковый номер", "№", "номер", "п/п", "поз", "позиция",
        "рет саны", "реттік нөмірі", "р/с №", "р/с", "жол нөмірі", "тауар нөмірі", "тауардың нөмірі",
        "序号", "行号", "项号", "商品序号", "编号",
    ),
    "consignment_id": (
        "consignment id", "consignment", "consignment no", "shipment", "shipment id", "waybill", "waybill no", "awb", "bill of lading",
        "b/l", "b/l no", "cmr", "cmr no", "declaration", "declaration number", "invoice", "invoice no", "invoice number",
        "партия", "номер партии", "накладная", "номер накладной", "№ накладной", "номер декларации", "номер дт", "№ дт",
        "регистрационный номер дт", "номер инвойса", "инвойс", "номер cmr", "смгс", "номер смгс", "поставка", "номер поставки",
        "топтама", "топтама нөмірі", "жүкқұжат", "жүкқұжат нөмірі", "декларация нөмірі", "партия нөмірі",
        "提单号", "运单号", "报关单号", "提运单号", "批次", "批次号", "发票号", "发票号码",
    ),
    "quantity": ("quantity", "qty", "количество", "кол-во", "саны", "мөлшері", "数量", "件数"),
    "unit": (
        "unit", "uom", "units", "единица измерения", "ед. изм.", "ед.изм.", "ед изм", "еи", "өлшем бірлігі", "бірлігі", "单位", "计量单位",
    ),
    "net_weight_kg": (
        "net weight kg", "net weight", "net weight (kg)", "net kg", "n.w.", "вес нетто", "вес нетто, кг", "вес нетто (кг)", "нетто",
        "нетто кг", "масса нетто", "таза салмағы", "таза салмағы, кг", "нетто салмағы", "净重", "净重(千克)", "净重(kg)",
    ),
    "value_usd": (
        "value usd", "value", "value (usd)", "amount", "стоимость", "стоимость, usd", "стоимость usd", "сумма", "статистическая стоимость",
        "құны", "құны, usd", "сомасы", "金额", "总价", "价值", "总值(美元)",
    ),
    OUTCOME: (
        "outcome", "inspection outcome", "inspection result", "illicit", "seized", "результат досмотра", "нарушение", "изъято",
        "тексеру нәтижесі", "бұзушылық", "查验结果", "查获",
    ),
}  # fmt: skip

_CODED = frozenset({"declared_hs", "consignment_id", "line_id"})
"""Fields whose short names, such as "no" or "код", are read only when nothing else stands in the header."""


def _key(header: str) -> str:
    """Fold a header for comparison."""
    folded = unicodedata.normalize("NFKC", header.replace("\ufeff", "")).casefold()
    return re.sub(r"[\s_]+", " ", folded).strip(" :.*\"'«»")


_PLACE = {_key(header): (field, place) for field, names in _HEADERS.items() for place, header in enumerate(names)}
_FORM_NUMBER = re.compile(r"^(?:гр(?:афа)?\.?\s*)?\d{1,2}(?:[.)]\d{0,2})?\s+|\s+гр(?:афа)?\.?\s*\d{1,2}$")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+(?:[、,][\u4e00-\u9fff]+)*|[^\u4e00-\u9fff]+")


def _readings(header: str) -> Iterator[str]:
    """Give the ways to read a header, the strictest first: whole, without form numbers and brackets, its languages apart."""
    whole = _key(header)
    yield whole
    plain = _key(_FORM_NUMBER.sub("", _key(re.sub(r"[(\[].*?[)\]]", " ", whole))))
    yield plain
    for part in re.split(r"[/|;\\]| - |, |\n", whole):
        yield _key(_FORM_NUMBER.sub("", part))
    for bracketed in re.findall(r"[(\[](.*?)[)\]]", whole):
        yield _key(bracketed)
    if not whole.isascii():
        yield from (_key(run) for run in _HAN_RUN.findall(plain))


def _field(header: str) -> tuple[str, tuple[int, int]] | None:
    """Find the field that a header names, and how well: (whether only a part names it, place in the list), smaller is better."""
    if not header or len(header) > MAX_HEADER:
        return None
    for strictness, reading in enumerate(_readings(header)):
        named = reading.replace(" ", "_")
        if named in FIELDS:
            return named, (int(strictness > 1), -1)
        if reading in _PLACE:
            field, place = _PLACE[reading]
            if strictness < 2 or field not in _CODED or len(reading) > 3:
                return field, (int(strictness > 1), place)
    return None


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds which field.

    Attributes
    ----------
    at : mapping of str to int
        Field to column number, from 0; `description` is always there, `outcome` only when the file carries it.
    extra : tuple of str
        Headers that are ignored.
    """

    at: Mapping[str, int]
    extra: tuple[str, ...]


def show_header(header: str) -> str:
    """Give a header as messages show it: short, on one line, without characters that cannot be printed."""
    return "".join(c if c.isprintable() else "\ufffd" for c in " ".join(header.split()))[:60]


def count_fields(row: Sequence[str]) -> int:
    """Count the fields that a row names when it names a description column in one of the languages, else give 0.

    Examples
    --------
    >>> count_fields(["货物名称", "HS编码", "仓库"]), count_fields(["насос", "8413"])
    (2, 0)
    """
    fields = {found[0] for found in map(_field, row[:MAX_COLUMNS]) if found}
    return len(fields) if "description" in fields else 0


def find_columns(header: Sequence[str], named: Mapping[str, str] | None = None) -> Columns:
    """Find the fields among the headers.

    A bare ``hs`` column is never read as the declared code: in labelled files it holds the true one. Of several headers that
    name one field, the one that says it best is taken: a whole name before a part of one, "описание товара" before "товар".

    Parameters
    ----------
    header : sequence of str
    named : mapping of str to str, optional
        Field to header, as given by ``--map``; goes before what is recognised.

    Returns
    -------
    Columns

    Raises
    ------
    ManifestError
        If no description column is found, or a named header is not there.

    Examples
    --------
    >>> find_columns(["№", "Наименование товара", "Код ТН ВЭД", "Склад"]).at
    {'line_id': 0, 'description': 1, 'declared_hs': 2}
    """
    at: dict[str, int] = {}
    keys = [_key(cell) for cell in header]
    for field, name in (named or {}).items():
        if field not in (*FIELDS, OUTCOME):
            raise ManifestError(f"--map: '{field}' is no field; the fields are {', '.join(FIELDS)}")
        if _key(name) not in keys:
            raise ManifestError(
                f"--map: there is no column '{name}'; the columns are {', '.join(map(show_header, header[:20]))[:300]}"
            )
        at[field] = keys.index(_key(name))
    taken = set(at.values())
    best: dict[str, tuple[tuple[int, int], int]] = {}
    for column, cell in enumerate(header[:MAX_COLUMNS]):
        found = _field(cell) if column not in taken else None
        if found and found[0] not in at and (found[0] not in best or found[1] < best[found[0]][0]):
            best[found[0]] = (found[1], column)
    at.update(sorted(((field, column) for field, (_, column) in best.items()), key=lambda pair: pair[1]))
    if "description" not in at:
        shown = ", ".join(show_header(cell) for cell in header[:20])[:300]
        raise ManifestError(f"no description column among: {shown}; name it with --map description=COLUMN")
    used = set(at.values())
    return Columns(at, tuple(cell for i, cell in enumerate(header) if i not in used))
