"""Vehicle papers: how vehicles and self-propelled machines stand in declarations, by make, numbers, engine, year and colour.

A passenger car, a truck and a trailer carry the same numbers; only what the vehicle is called parts them.
"""

from random import Random

from elek_training.numbering import article, engine_number, serial, vin

ROAD = frozenset({"8701", "8702", "8703", "8704", "8705", "8706", "8711", "8716"})
"""Headings whose goods carry a vehicle number."""

MACHINES = frozenset({"8426", "8427", "8429", "8430", "8432", "8433", "8479", "8709"})
"""Headings of self-propelled machines, which carry a serial number."""

_MAKES = {
    "8701": ("Scania R450", "Volvo FH 460", "DAF XF 480", "MAN TGX 18.440", "Sitrak C7H", "Mercedes-Benz Actros",
        "Shacman X3000", "КамАЗ-54901"),
    "8702": ("Yutong ZK6122", "Higer KLQ", "ПАЗ-3204", "MAN Lion's Coach", "Zhongtong LCK", "Ford Transit",
        "ГАЗель NEXT", "НефАЗ-5299"),
    "8703": (
        "Toyota Camry", "Toyota RAV4", "Toyota Prius", "Toyota Vitz", "Hyundai Sonata", "Hyundai Tucson", "Kia Rio",
        "Kia K5", "Kia Sportage",
        "Chevrolet Cobalt", "Lada Vesta", "Lada Granta", "Haval F7", "Haval Jolion", "Chery Tiggo 8", "Exeed TXL",
        "Geely Coolray", "Changan UNI-K",
        "BMW X5", "BMW 520d", "Mercedes-Benz E200", "Audi Q7", "VW Polo", "Skoda Octavia", "Renault Duster",
        "Nissan Qashqai", "Nissan Juke",
        "Mazda CX-5", "Mazda 6", "Honda Fit", "Honda CR-V", "Subaru Forester", "Suzuki Jimny", "Suzuki Swift",
        "Mitsubishi Outlander", "Lexus RX350",
        "Ford Focus", "Ford Explorer", "Opel Astra", "Peugeot 408", "Volvo XC90", "Land Rover Discovery",
        "Porsche Cayenne", "Jeep Wrangler",
        "Tesla Model 3", "Zeekr 001", "Li L7", "BYD Han", "Voyah Free", "JAC J7", "Omoda C5", "Jetour X70", "Tank 300",
        "УАЗ Патриот",
    ),
    "8704": ("КамАЗ-43118", "МАЗ-6501", "Howo ZZ3257", "Shacman F3000", "MAN TGS 33", "Isuzu NQR", "Hyundai Porter",
        "Ford Transit", "Renault K",
             "DAF CF 85", "Volvo FMX", "Foton Auman", "JAC N56", "Toyota Hilux", "Mitsubishi Canter"),
    "8705": ("XCMG QY25K", "Zoomlion ZLJ", "КамАЗ-65115", "Sany SYM5310", "Howo Sinotruk", "МАЗ-5337",
        "Putzmeister M42", "Shacman SX5255"),
    "8706": ("КамАЗ-5297", "ПАЗ-3203", "Yutong ZK6852", "Hyundai County", "Isuzu NQR71"),
    "8711": ("Honda CB400", "Yamaha R6", "Suzuki GSX-R", "Kawasaki Ninja", "BMW R1200GS", "KTM 390", "Bajaj Pulsar",
        "Racer RC200", "Motoland XR", "Stels 400",
             "Ducati Monster", "Harley-Davidson", "Lifan LF150", "Кайо T2"),
    "8716": ("Schmitz Cargobull S.CS", "Kogel S24", "Krone SD", "Wielton NW3", "Тонар-9523", "CIMC ZJV",
        "Kassbohrer SP", "Нефаз-9334", "МЗСА 817", "Fruehauf"),
}  # fmt: skip

_BODY = {
    "en": (
        "VIN {vin}", "VIN: {vin}", "chassis no. {vin}", "frame number {vin}", "body no. {vin}", "year {year}",
        "model year {year}", "first registered {date}", "colour {colour}", "mileage {km} km", "5 seats",
        "left hand drive", "GVW {mass} kg", "{axles} axles",
    ),
    "ru": (
        "VIN {vin}", "VIN: {vin}", "идентификационный номер (VIN) {vin}", "ВИН {vin}", "кузов № {vin}",
        "номер кузова {vin}", "№ кузова: {vin}", "кузов № отсутствует", "шасси № {vin}", "номер шасси {vin}",
        "шасси (рама) № отсутствует", "рама № {vin}", "№ рамы отсутствует", "год выпуска {year}", "{year} г.в.",
        "{year} года выпуска", "дата выпуска {date}", "момент выпуска {date}", "мом. вып.: {date}",
        "цвет {colour}", "цвет: {colour}", "цв. {colour}", "пробег {km} км", "мест для сидения 5",
        "количество мест {axles}", "пассажирских мест {axles}", "левый руль", "кузов седан", "кузов универсал",
        "тип кузова хэтчбек", "колесная формула 4х2", "колесная формула 6х4", "{axles}-осный",
        "кол-во осей: {axles}", "полная масса {mass} кг", "п/масса {mass} кг",
        "разрешенная максимальная масса {mass} кг", "масса без нагрузки {mass} кг",
        "грузоподъемность {mass} кг", "макс. скорость {hp} км/ч", "марка шин не указана", "ПТС отсутствует",
        "имел владельца", "с комплектом ключей", "кабина № отсутствует", "номер ЭПСМ отсутствует",
    ),
    "kk": (
        "VIN {vin}", "шанақ нөмірі {vin}", "шасси нөмірі {vin}", "рама нөмірі жоқ", "шығарылған жылы {year}",
        "{year} жылғы", "түсі {colour}", "жүрген жолы {km} км", "толық массасы {mass} кг", "5 орындық",
        "осьтер саны {axles}",
    ),
    "zh": (
        "车架号{vin}", "VIN：{vin}", "车辆识别代号{vin}", "底盘号{vin}", "{year}年", "{year}款", "颜色{colour}", "里程{km}公里",
        "{axles}座", "总质量{mass}公斤", "{axles}轴",
    ),
}  # fmt: skip
"""What papers say of any vehicle."""

_ENGINE = {
    "en": (
        "engine no. {engine}", "engine {cc} cc", "{cc} cm3", "{hp} hp", "{kw} kW", "automatic transmission",
        "fuel petrol", "diesel", "Euro {euro}", "4WD",
    ),
    "ru": (
        "двигатель № {engine}", "№ двиг.: {engine}", "номер двигателя {engine}", "модель двигателя {engine}",
        "мод. дв. {engine}", "тип двигателя бензиновый", "двигатель дизельный", "двиг. бензин",
        "объем двигателя {cc} см3", "рабочий объем {cc} см3", "об. {cc} куб.см", "мощность {hp} л.с.",
        "{kw} кВт/{hp} л.с.", "мощн. двиг. {kw} кВт", "АКПП", "МКПП", "полный привод",
        "экологический класс {euro}", "эк. кл. {euro}", "пятый экологический класс",
    ),
    "kk": (
        "қозғалтқыш нөмірі {engine}", "қозғалтқыш көлемі {cc} см3", "қуаты {hp} а.к.",
        "экологиялық сыныбы {euro}", "автомат беріліс", "бензин қозғалтқышы", "дизель",
    ),
    "zh": (
        "发动机号{engine}", "排量{cc}毫升", "{cc}cc", "功率{kw}千瓦", "自动挡", "汽油", "柴油", "国{euro}", "四驱",
    ),
}  # fmt: skip
"""What they say of vehicles with an engine."""

_COLOURS = {
    "en": ("white", "black", "silver", "grey", "red", "blue", "beige"),
    "ru": ("белый", "черный", "серый", "серебристый", "красный", "синий", "темно-синий", "бежевый", "зеленый",
        "коричневый", "желтый", "многоцветный"),
    "kk": ("ақ", "қара", "сұр", "күміс түсті", "қызыл", "көк", "жасыл"),
    "zh": ("白色", "黑色", "银色", "灰色", "红色", "蓝色"),
}  # fmt: skip

_SERIALS = {
    "en": ("S/N {serial}", "serial number {serial}", "built {year}", "{kw} kW", "working hours {km}",
        "weight {mass} kg", "engine no. {engine}"),
    "ru": (
        "заводской № {serial}", "зав. номер {serial}", "серийный номер {serial}", "номер рамы {serial}", "VIN {vin}",
        "год выпуска {year}",
        "{year} г.в.", "мощность {kw} кВт", "двигатель № {engine}", "наработка {km} моточасов",
        "эксплуатационная масса {mass} кг", "цвет {colour}",
    ),
    "kk": ("зауыт нөмірі {serial}", "сериялық нөмірі {serial}", "шығарылған жылы {year}", "қуаты {kw} кВт",
        "массасы {mass} кг"),
    "zh": ("序列号{serial}", "出厂编号{serial}", "{year}年制造", "功率{kw}千瓦", "工作小时{km}", "整机重量{mass}公斤"),
}  # fmt: skip


def has_papers(hs: str) -> bool:
    """Tell whether goods of this code stand in papers with vehicle or serial numbers; parts of trailers do not."""
    return hs[:4] in ROAD | MACHINES and hs not in ("871690", "843390", "843290", "847990", "870990")


def vehicle_papers(name: str, hs: str, lang: str, random: Random) -> str:
    """Write a vehicle as papers do.

    Parameters
    ----------
    name : str
        What it is called.
    hs : str
        Of a heading in `ROAD` or `MACHINES`.
    lang : str
    random : Random

    Returns
    -------
    str
    """
    road = hs[:4] in ROAD
    fields = _SERIALS[lang]
    if road:
        fields = _BODY[lang] if hs[:4] == "8716" else _BODY[lang] + _ENGINE[lang]
    chosen = random.sample(fields, min(len(fields), random.randint(1, 10)))
    values = {
        "vin": vin(random), "engine": engine_number(random), "serial": serial(random), "year": random.randint(1998, 2025),
        "date": f"{random.randint(1, 28):02d}.{random.randint(1, 12):02d}.{random.randint(2005, 2025)}",
        "cc": random.randint(49, 15000),
        "hp": random.randint(5, 600), "kw": random.randint(3, 450), "km": random.randint(1, 300000), "mass": random.randint(200, 48000),
        "axles": random.randint(2, 8), "euro": random.randint(2, 6), "colour": random.choice(_COLOURS[lang]),
    }  # fmt: skip
    head = [name]
    if road and random.random() < 0.75:
        make = random.choice(_MAKES[hs[:4]])
        head.append(random.choice((make, f'"{make}"', f"{make} {article(random)}", make.split(" ")[0])))
    parted = {"zh": "，"}.get(lang, random.choice((", ", "; ", " ", ",")))
    return parted.join((" ".join(head), *(f.format(**values) for f in chosen)))
