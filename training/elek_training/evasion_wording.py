"""Wording of the evasion typologies, by language: what is written in front of or behind a name to hide the goods."""

CIVIL_USES = {
    "en": ("for medical equipment", "for rescue kit", "for household appliances", "for toys", "for agricultural use"),
    "ru": ("для медицинского оборудования", "для спасательных наборов", "для бытовой техники", "для игрушек", "для сельского хозяйства"),
    "kk": ("медициналық жабдыққа арналған", "тұрмыстық техникаға", "ойыншықтарға арналған", "ауыл шаруашылығына арналған"),
    "zh": ("医疗设备用", "救援包用", "家用电器用", "玩具用", "农业用"),
}  # fmt: skip
"""Claimed civil end uses (typology T5)."""

TOY_WORDS = {
    "en": ("toy", "children's toy", "radio-controlled toy", "gift set"),
    "ru": ("игрушка", "детская игрушка", "игрушка радиоуправляемая", "товары народного потребления"),
    "kk": ("ойыншық", "балалар ойыншығы", "радиобасқарылатын ойыншық"),
    "zh": ("玩具", "儿童玩具", "遥控玩具", "日用品"),
}  # fmt: skip
"""Consumer wording that hides drones (typology T3)."""

APPLIANCE_WORDS = {
    "en": ("washing machine parts", "spare parts for household appliances", "refrigerator components"),
    "ru": ("запчасти к стиральным машинам", "запасные части бытовой техники", "комплектующие для холодильников"),
    "kk": ("кір жуғыш машина бөлшектері", "тұрмыстық техника қосалқы бөлшектері", "тоңазытқыш жинақтауыштары"),
    "zh": ("洗衣机配件", "家用电器零件", "冰箱配件"),
}  # fmt: skip
"""Household wording in front of electronics (typology T13; an assumption, not a documented case)."""

FARM_WORDS = {
    "en": ("agricultural sprayer", "crop duster", "farm machinery"),
    "ru": ("сельскохозяйственный опрыскиватель", "агротехника", "опрыскиватель для полей"),
    "kk": ("ауыл шаруашылығы бүріккіші", "егіс бүріккіш", "агротехника жабдығы"),
    "zh": ("农用喷雾机", "农业植保机", "农机"),
}  # fmt: skip
"""Farm wording for heavy-lift drones (typology T4)."""

PART_WORDS = {
    "en": ("disassembled", "parts set", "in parts", "without markings"),
    "ru": ("в разобранном виде", "комплект деталей", "отдельными частями", "без маркировки"),
    "kk": ("бөлшектелген түрде", "бөлшектер жинағы", "таңбасыз"),
    "zh": ("散件", "拆散件", "零件套装", "无标记"),
}  # fmt: skip
"""Wording of split goods (typology T6) and stripped markings (typology T10)."""

TRANSIT_WORDS = {
    "en": ("transit to Kyrgyzstan", "in transit to third country"),
    "ru": ("транзит в Кыргызстан", "транзит через территорию РФ"),
    "kk": ("Қырғызстанға транзит", "үшінші елге транзит"),
    "zh": ("过境至吉尔吉斯斯坦", "转口第三国"),
}  # fmt: skip
"""Declared transit (typology T11)."""
