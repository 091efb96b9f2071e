"""Wording that stands around the name of goods in real papers, by language: our own lists, none of it decides anything.

`{n}` is replaced by a number, `{w}` by a weight, `{code}` by letters and digits.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """Surroundings of a name in one language.

    Attributes
    ----------
    quantity, packing, weight, filler, article, origin, maker, purpose, condition : tuple of str
        Phrases with placeholders.
    joiner : str
        What stands between the parts.
    lang : str
    """

    quantity: tuple[str, ...]
    packing: tuple[str, ...]
    weight: tuple[str, ...]
    filler: tuple[str, ...]
    article: tuple[str, ...]
    origin: tuple[str, ...]
    maker: tuple[str, ...]
    purpose: tuple[str, ...]
    condition: tuple[str, ...]
    joiner: str
    lang: str


WORDING = {
    "en": Wording(
        quantity=("qty {n} pcs", "{n} pcs", "total {n} sets", "{n} units", "quantity: {n}", "x{n}", "{n} EA"),
        packing=("in cartons", "on {n} pallets", "{n} ctns", "retail packed", "in wooden case", "bulk", "in polybags"),
        weight=("net weight {w} kg", "gross wt {w} kgs", "NW {w} KG", "G.W. {w}"),
        filler=(
            "not for military use", "new, not for resale", "for civil use only", "no commercial value",
            "HS code as per invoice", "as per contract {code}", "sample", "urgent", "freight prepaid",
        ),
        article=("art. {code}", "P/N {code}", "model {code}", "item no {code}", "ref {code}", "type {code}", "SKU {code}"),
        origin=("made in China", "country of origin: Germany", "origin China", "made in Japan", "origin: USA"),
        maker=("manufacturer: Sunway Trading Co Ltd", "brand Nordtek", "by Helion Works", "maker Kaito", "Omnitex brand"),
        purpose=("for workshop", "for production line", "for repair", "for own needs", "for laboratory", "for retail sale"),
        condition=("new", "used", "brand new", "refurbished", "spare", "original"),
        joiner=" ",
        lang="en",
    ),
    "ru": Wording(
        quantity=("всего- {n} шт", "{n} шт.", "количество {n} шт", "кол-во: {n}", "- {n}шт", "всего {n} комплектов", "{n} упак"),
        packing=(
            "в картонных коробках", "на {n} паллетах", "упакованы в коробки", "в деревянном ящике", "{n} мест",
            "в индивидуальной упаковке", "россыпью", "в мешках",
        ),
        weight=("вес нетто {w} кг", "вес брутто {w} кг", "нетто {w} кг", "масса {w} кг"),
        filler=(
            "не военного назначения", "новые, не бывшие в употреблении", "не содержит драгоценных металлов",
            "гражданского назначения", "для собственных нужд", "не для розничной продажи", "без содержания озоноразрушающих веществ",
            "не лом электрооборудования", "товар не двойного назначения", "код окп {n}", "см. дополнение", "согласно инвойсу",
            "не для промышленной сборки", "бывшие в эксплуатации", "для ранее поставленного оборудования", "заводской номер {n}",
            "год выпуска 2021", "ввозятся для собственного производства", "не предназначены для контакта с пищевыми продуктами",
            "не содержит источников радиоактивного излучения", "без упаковки", "по спецификации {code}", "гост {n}", "ту {n}",
            "имеется маркировка производителя", "поставляется в разобранном виде для удобства транспортировки",
        ),
        article=("арт. {code}", "артикул {code}", "модель {code}", "мод. {code}", "марка {code}", "п/н {code}", "тип {code}"),
        origin=("страна происхождения: Китай", "производство Германия", "пр-во КНР", "происхождение Япония", "made in Turkey"),
        maker=(
            'изготовитель: "SHENZHEN SUNWAY CO LTD"', "производитель Nordtek", 'товарный знак "KAITO"', 'ООО "Вектор"',
            "торговая марка Helion", "фирма-изготовитель Omnitex", "товарный знак отсутствует",
        ),
        purpose=(
            "для промышленности", "для ремонта", "для производства", "для розничной продажи", "бытового назначения",
            "для сборки", "для технического обслуживания", "для нужд предприятия",
        ),
        condition=("новые", "новый", "б/у", "бывшие в употреблении", "в разобранном виде", "запасные", "в сборе"),
        joiner=", ",
        lang="ru",
    ),
    "kk": Wording(
        quantity=("{n} дана", "саны {n} дана", "барлығы {n} жинақ", "{n} қорап", "саны: {n}"),
        packing=("картон қораптарда", "{n} паллетте", "ағаш жәшікте", "жеке қаптамада", "қаптарда"),
        weight=("таза салмағы {w} кг", "брутто салмағы {w} кг", "салмағы {w} кг"),
        filler=(
            "әскери мақсатта емес", "азаматтық мақсаттағы тауар", "жаңа, қолданылмаған", "өз қажеттілігі үшін",
            "шот-фактураға сәйкес", "қосарлы мақсаттағы тауар емес",
        ),
        article=("арт. {code}", "үлгісі {code}", "моделі {code}", "маркасы {code}", "түрі {code}"),
        origin=("шығарылған елі: Қытай", "Қытайда жасалған", "Германияда өндірілген", "шығу тегі Түркия"),
        maker=("өндіруші: Sunway", 'ЖШС "Вектор"', "тауар белгісі KAITO", "Nordtek компаниясы"),
        purpose=("өндіріс үшін", "жөндеуге арналған", "зертханаға арналған", "тұрмыстық мақсатта", "кәсіпорын қажеттілігіне"),
        condition=("жаңа", "қолданылған", "қосалқы", "жиынтықта", "бөлшектелген"),
        joiner=", ",
        lang="kk",
    ),
    "zh": Wording(
        quantity=("{n}个", "{n}件", "数量：{n}", "共{n}套", "{n}台", "{n}只"),
        packing=("纸箱包装", "木箱", "托盘{n}个", "散装", "独立包装", "{n}箱"),
        weight=("净重{w}千克", "毛重{w}公斤", "净重：{w}KG"),
        filler=("用途：民用", "非军用", "全新", "民用产品", "按合同{code}", "无品牌", "自用"),
        article=("型号：{code}", "型号{code}", "货号{code}", "规格{code}", "料号{code}"),
        origin=("原产国：中国", "中国制造", "产地德国", "原产地日本"),
        maker=("品牌：KAITO", "深圳市阳途贸易有限公司", "Nordtek牌", "制造商Helion"),
        purpose=("用于生产", "维修用", "实验室用", "工业用", "家用"),
        condition=("全新", "二手", "备件", "散件", "整套"),
        joiner="，",
        lang="zh",
    ),
}  # fmt: skip

MACHINES = {
    "en": (
        "excavators", "trucks", "passenger cars", "tractors", "combine harvesters", "pumps", "compressors", "printing machines",
        "woodworking machines", "drilling rigs", "washing machines", "refrigerators", "bulldozers", "loaders", "conveyors", "elevators",
        "diesel engines", "wind turbines", "ships", "railway wagons", "packaging machines", "looms", "medical equipment", "furniture",
        "geophysical equipment", "oil and gas equipment", "metal-cutting machines", "air conditioners", "household appliances", "bicycles",
    ),
    "ru": (
        "экскаваторов", "грузовых автомобилей", "легковых автомобилей", "тракторов", "зерноуборочных комбайнов", "насосов",
        "компрессоров", "печатных машин", "деревообрабатывающего оборудования", "буровых установок", "стиральных машин", "холодильников",
        "бульдозеров", "погрузчиков", "конвейеров", "лифтов", "дизельных двигателей", "судов", "железнодорожных вагонов",
        "упаковочного оборудования", "ткацких станков", "медицинского оборудования", "мебели", "геофизического оборудования",
        "нефтегазового оборудования", "металлорежущих станков", "кондиционеров", "бытовой техники", "самосвалов", "автобусов",
        "сельскохозяйственной техники", "моторных транспортных средств", "спецтехники", "вентиляционных систем", "пищевого оборудования",
    ),
    "kk": (
        "экскаваторларға", "жүк автомобильдеріне", "жеңіл автомобильдерге", "тракторларға", "комбайндарға", "сорғыларға",
        "компрессорларға", "бұрғылау қондырғыларына", "кір жуғыш машиналарға", "тоңазытқыштарға", "бульдозерлерге", "тиегіштерге",
        "конвейерлерге", "лифтілерге", "дизель қозғалтқыштарына", "вагондарға", "қаптау жабдығына", "медициналық жабдыққа", "жиһазға",
        "мұнай-газ жабдығына", "станоктарға", "кондиционерлерге", "тұрмыстық техникаға", "ауыл шаруашылығы техникасына",
    ),
    "zh": (
        "挖掘机", "卡车", "轿车", "拖拉机", "收割机", "水泵", "压缩机", "印刷机", "木工机械", "钻机", "洗衣机", "冰箱", "推土机",
        "装载机", "输送机", "电梯", "柴油机", "船舶", "铁路车辆", "包装机", "织机", "医疗设备", "家具", "石油设备", "机床", "空调",
    ),
}  # fmt: skip
"""Machines that goods are said to be for; drawn independently of the good, so that the purpose alone never decides."""

FOR_MACHINE = {
    "en": ("for {m}", "used in {m}", "spare for {m}", "for repair of {m}", "for assembly of {m}"),
    "ru": (
        "для {m}", "для ремонта {m}", "для сборки {m}", "в качестве запасных частей для обслуживания и ремонта {m}",
        "для технического обслуживания {m}", "предназначены для установки на узлы {m}", "комплектующие для производства {m}",
        "применяются при сборке и ремонте {m}", "к узлам {m}",
    ),
    "kk": ("{m} арналған", "{m} жөндеу үшін", "{m} қосалқы", "{m} қызмет көрсету үшін"),
    "zh": ("用于{m}", "{m}用", "{m}维修用", "{m}装配用"),
}  # fmt: skip
"""How the machine is joined to the good."""

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
