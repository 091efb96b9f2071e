"""Vague parcels: what stands on parcel labels when it says nothing of the goods: sizes, colours, numbers, gifts, remarks."""

from collections.abc import Callable
from random import Random

from elek_training.numbering import shaped

_COLOURS = {
    "en": ("black", "white", "navy", "beige", "pink", "dusty rose", "grey marl", "burgundy", "olive", "multi", "clear",
        "gold", "silver", "teal"),
    "ru": ("черный", "белый", "темно-синий", "бежевый", "розовый", "серый меланж", "бордовый", "хаки", "мульти",
        "прозрачный", "золотой", "цветной"),
    "kk": ("қара", "ақ", "көк", "қызғылт", "сұр", "қызыл қоңыр", "жасыл", "түрлі түсті", "мөлдір", "алтын түсті"),
    "zh": ("黑色", "白色", "藏青", "米色", "粉色", "灰色", "酒红", "军绿", "混色", "透明", "金色"),
}  # fmt: skip
_SIZES = {
    "en": ("one size", "XS", "S", "M", "L", "XL", "XXL", "plus size", "uk 10-12", "18-24 months", "3-4 years",
        "petite", "regular", "king", "double", "small",
           "large", "size 42", "w32 l34"),
    "ru": ("размер единый", "S", "M", "L", "XL", "размер 48-50", "рост 104", "3-4 года", "большой", "маленький",
        "42 размер", "2-спальный", "р-р 52"),
    "kk": ("бір өлшем", "S", "M", "L", "XL", "48-50 өлшем", "3-4 жас", "үлкен", "кіші", "42 өлшем"),
    "zh": ("均码", "S", "M", "L", "XL", "大号", "小号", "3-4岁", "42码", "加大码"),
}  # fmt: skip
_REMARKS = {
    "en": (
        "gift", "birthday gift", "happy birthday", "sample", "free sample", "thank you for your order", "return",
        "exchange", "replacement", "personal items",
        "personal effects", "as per invoice", "see attached", "see invoice", "various", "misc", "other", "n/a", "none",
        "test", "do not use", "collection",
        "new collection", "limited edition", "bundle", "mystery box", "starter pack", "pack of 3", "set of 2", "item",
        "product", "merchandise", "order",
        "donation", "voucher", "subscription", "no description", "unknown", "to be advised", "delivery",
        "courier parcel", "documents enclosed", "fragile",
    ),
    "ru": (
        "подарок", "подарок на день рождения", "образец", "бесплатно", "спасибо за заказ", "возврат", "обмен",
        "замена", "личные вещи", "согласно инвойсу",
        "см. вложение", "разное", "прочее", "б/н", "нет", "тест", "коллекция", "новая коллекция", "набор 2 шт",
        "комплект", "позиция", "товар", "заказ",
        "посылка", "без описания", "неизвестно", "уточняется", "хрупкое", "вложение", "доставка", "бонус", "акция",
        "сюрприз", "покупка с маркетплейса",
    ),
    "kk": (
        "сыйлық", "туған күнге сыйлық", "үлгі", "тегін", "тапсырыс", "қайтару", "айырбас", "жеке заттар",
        "инвойсқа сәйкес", "қосымшаны қара", "әртүрлі",
        "басқа", "жоқ", "тест тауары", "жиынтық", "сәлемдеме", "сипаттамасыз", "белгісіз", "сынғыш", "тосын сый",
        "жаңа топтама",
    ),
    "zh": (
        "礼物", "生日礼物", "样品", "赠品", "订单", "退货", "换货", "个人物品", "见发票",
        "见附件", "其他", "杂物", "无", "测试", "新款", "套餐", "限量版",
        "包裹", "商品", "未知", "待定", "易碎品", "福袋", "一批", "盲盒",
    ),
}  # fmt: skip
_CURRENCY = {
    "en": ("GBP", "USD", "EUR", "$"),
    "ru": ("руб", "RUB", "USD", "тг"),
    "kk": ("тг", "KZT", "теңге"),
    "zh": ("元", "USD", "CNY"),
}
_NUMBERS = (
    "9999999999", "#999999", "order 99999", "99/99/9999", "9999-9999-9999", "AA999999999AA", "IMG_9999.jpg",
    "DSC99999", "doc999.pdf", "ref 9999/99",
    "99999999999999", "(999) 999-9999", "hs code: 9999999999", "N 999 999", "9.99, 9.99, 9.99", "sku 999999",
)  # fmt: skip
"""Shapes of numbers that name no goods: orders, dates, tracking numbers, files, telephone numbers, bare tariff codes."""


def _looks(lang: str, random: Random) -> str:
    words = [random.choice(_COLOURS[lang]), random.choice(_SIZES[lang])]
    random.shuffle(words)
    return random.choice((", ", " ", " / ")).join(words[: random.choice((1, 2, 2))])


def _price(lang: str, random: Random) -> str:
    amount = f"{random.uniform(0.1, 900):.2f}"
    return random.choice((f"{amount} {random.choice(_CURRENCY[lang])}", f"{random.randint(1, 20)} x {amount}", amount))


def _number(lang: str, random: Random) -> str:
    return shaped(random.choice(_NUMBERS), random) if random.random() < 0.8 else f"{random.randint(1, 999)}"


def _remark(lang: str, random: Random) -> str:
    text = random.choice(_REMARKS[lang])
    return f"{text} {_price(lang, random)}" if random.random() < 0.15 else text


KINDS: tuple[Callable[[str, Random], str], ...] = (_looks, _price, _number, _remark, _remark, _looks)
"""Kinds of vague labels; those named twice are twice as frequent."""


def vague_parcel(lang: str, random: Random) -> str:
    """Write a parcel label that says nothing of the goods.

    Parameters
    ----------
    lang : str
    random : Random

    Returns
    -------
    str
    """
    text = random.choice(KINDS)(lang, random)
    return f"{text}, {random.choice(KINDS)(lang, random)}" if random.random() < 0.25 else text
