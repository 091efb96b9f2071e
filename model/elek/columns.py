"""Columns: which column of a manifest holds which field, by headers in English, Russian, Kazakh and Chinese."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elek.errors import ManifestError

FIELDS = (
    "description", "declared_hs", "line_id", "consignment_id", "quantity", "unit", "net_weight_kg", "value_usd",
)  # fmt: skip

_HEADERS: dict[str, tuple[str, ...]] = {
    "description": (
        "description", "goods description", "description of goods", "goods", "commodity", "commodity description", "goodsdescription",
        "item description", "product", "product name", "cargo description", "text",
        "описание", "описание товара", "описание товаров", "наименование", "наименование товара", "наименование товаров", "товар",
        "наименование груза", "груз", "номенклатура",
        "сипаттама", "тауар сипаттамасы", "тауардың сипаттамасы", "атауы", "тауар атауы", "тауардың атауы", "тауар", "жүк атауы",
        "品名", "货物名称", "商品名称", "货物描述", "商品描述", "名称", "描述", "货名", "商品名称及规格",
    ),
    "declared_hs": (
        "declared hs", "declared hs code", "hs code", "hscode", "hs-code", "declared code", "tariff code", "commodity code", "hts", "hts code",
        "tnved", "tn ved", "customs code",
        "код тн вэд", "тн вэд", "код тнвэд", "тнвэд", "код товара", "код тн вэд еаэс", "заявленный код", "код",
        "сэқ тн коды", "сэқ тн", "тн коды", "тауар коды", "еаэо сэқ тн коды", "мәлімделген код",
        "hs编码", "hs 编码", "海关编码", "商品编码", "税号", "税则号列", "申报编码", "商品编号",
    ),
    "line_id": (
        "line id", "line", "line no", "line number", "no", "item no", "item", "row", "id", "#",
        "№", "№ п/п", "n п/п", "номер", "номер строки", "номер товара", "№ товара", "п/п",
        "рет саны", "р/с", "р/с №", "жол нөмірі", "тауар нөмірі",
        "序号", "行号", "项号", "编号",
    ),
    "consignment_id": (
        "consignment id", "consignment", "shipment", "shipment id", "waybill", "awb", "bill of lading", "b/l", "cmr", "declaration",
        "declaration number", "invoice",
        "партия", "номер партии", "накладная", "номер накладной", "номер декларации", "номер дт", "инвойс", "смгс", "поставка",
        "топтама", "жүкқұжат", "жүкқұжат нөмірі", "декларация нөмірі", "партия нөмірі",
        "提单号", "运单号", "报关单号", "批次", "发票号",
    ),
    "quantity": ("quantity", "qty", "количество", "кол-во", "саны", "мөлшері", "数量"),
    "unit": ("unit", "uom", "units", "единица измерения", "ед. изм.", "ед.изм.", "ед изм", "өлшем бірлігі", "бірлігі", "单位"),
    "net_weight_kg": (
        "net weight kg", "net weight", "net weight (kg)", "net kg", "вес нетто", "вес нетто, кг", "вес нетто (кг)", "нетто", "нетто кг",
        "таза салмағы", "таза салмағы, кг", "нетто салмағы", "净重", "净重(千克)", "净重(kg)",
    ),
    "value_usd": (
        "value usd", "value", "value (usd)", "amount", "стоимость", "стоимость, usd", "стоимость usd", "сумма", "статистическая стоимость",
        "құны", "құны, usd", "сомасы", "金额", "总价", "价值", "总值(美元)",
    ),
}  # fmt: skip


def _key(header: str) -> str:
    """Fold a header for comparison."""
    return re.sub(r"[\s_]+", " ", header.replace("\ufeff", "").strip().casefold()).strip(" :.*")


_FIELD_OF = {_key(header): field for field, headers in _HEADERS.items() for header in headers}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds which field.

    Attributes
    ----------
    at : mapping of str to int
        Field to column number, from 0; `description` is always there.
    extra : tuple of str
        Headers that are ignored.
    """

    at: Mapping[str, int]
    extra: tuple[str, ...]


def is_header(row: Sequence[str]) -> bool:
    """Tell whether a row names a description column in one of the languages."""
    return any(_FIELD_OF.get(_key(cell)) == "description" for cell in row)


def find_columns(header: Sequence[str], named: Mapping[str, str] | None = None) -> Columns:
    """Find the fields among the headers.

    A bare ``hs`` column is never read as the declared code: in labelled files it holds the true one.

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
        if field not in FIELDS:
            raise ManifestError(f"--map: '{field}' is no field; the fields are {', '.join(FIELDS)}")
        if _key(name) not in keys:
            raise ManifestError(
                f"--map: there is no column '{name}'; the columns are {', '.join(map(str, header))[:300]}"
            )
        at[field] = keys.index(_key(name))
    taken = set(at.values())
    for column, key in enumerate(keys):
        field = _FIELD_OF.get(key, key.replace(" ", "_") if key.replace(" ", "_") in FIELDS else "")
        if field and field not in at and column not in taken:
            at[field] = column
    if "description" not in at:
        shown = ", ".join(str(cell)[:40] for cell in header)[:300]
        raise ManifestError(f"no description column among: {shown}; name it with --map description=COLUMN")
    used = set(at.values())
    return Columns(at, tuple(cell for i, cell in enumerate(header) if i not in used))
