"""Lines with a known deciding word: templates and goods that stand in no training text, for tests of evidence.

Each good is a name and the words in it that alone make it controlled; each template is wording around a name that decides nothing.
"""

TEMPLATES = {
    "ru": (
        "{}, в количестве согласно спецификации",
        "груз для склада временного хранения: {}",
        "{}, упаковано в ящики из фанеры",
        "оборудование {} в сборе, с паспортом изделия",
    ),
    "kk": (
        "{}, тізімдемеге сәйкес жеткізіледі",
        "қоймаға арналған жүк: {}",
        "{}, фанера жәшікке салынған",
        "{} паспортымен бірге",
    ),
    "en": (
        "{} as per packing list attached",
        "shipment to warehouse: {}",
        "{} packed in plywood cases",
        "one lot of {} with manuals",
    ),
    "zh": ("{}，按装箱单发货", "发往仓库的货物：{}", "{}，胶合板箱包装", "一批{}，附说明书"),
}

GOODS = (
    ("ru", "тепловизор охотничий с записью на карту", "тепловизор"),
    ("ru", "гироскоп лазерный для стенда", "гироскоп"),
    ("ru", "инерциальный измеритель для буровой вышки", "инерциальный"),
    ("ru", "акселерометр кварцевый маятниковый", "акселерометр"),
    ("ru", "клистрон пролётный многолучевой", "клистрон"),
    ("ru", "гидрофон пьезокерамический", "гидрофон"),
    ("ru", "магнетрон импульсный перестраиваемый", "магнетрон"),
    ("ru", "осциллограф стробоскопический настольный", "осциллограф"),
    ("ru", "фотоумножитель с ночным каналом", "фотоумножитель"),
    ("ru", "криптошлюз для защиты канала", "криптошлюз"),
    ("ru", "беспилотник разведывательный складной", "беспилотник"),
    ("ru", "микропроцессор для вычислительного модуля", "микропроцессор"),
    ("ru", "гравиметр полевой переносной", "гравиметр"),
    ("kk", "тепловизор аңшыларға арналған", "тепловизор"),
    ("kk", "инерциялық өлшегіш бұрғылауға арналған", "инерциялық"),
    ("kk", "гироскоп стендке арналған", "гироскоп"),
    ("kk", "микросхема есептеу модуліне арналған", "микросхема"),
    ("kk", "акселерометр кварцты", "акселерометр"),
    ("kk", "гидрофон суасты тыңдауға арналған", "гидрофон"),
    ("kk", "осциллограф үстелге қойылатын", "осциллограф"),
    ("kk", "ұшқышсыз барлау аппараты жиналмалы", "ұшқышсыз"),
    ("kk", "магнетрон импульсті", "магнетрон"),
    ("kk", "центрифуга изотоптарды бөлуге арналған", "центрифуга"),
    ("en", "thermal imager for night patrol", "thermal imager"),
    ("en", "gyroscope for tilt bench", "gyroscope"),
    ("en", "inertial sensor for drill rigs", "inertial"),
    ("en", "accelerometer of pendulum type", "accelerometer"),
    ("en", "klystron of reflex type", "klystron"),
    ("en", "hydrophone towed by a boat", "hydrophone"),
    ("en", "magnetron with tuning shaft", "magnetron"),
    ("en", "oscilloscope for fast edges", "oscilloscope"),
    ("en", "photomultiplier with night channel", "photomultiplier"),
    ("en", "microprocessor for compute blade", "microprocessor"),
    ("en", "gravimeter for field crews", "gravimeter"),
    ("en", "fpga on carrier plate", "fpga"),
    ("en", "radar seeking low flyers", "radar"),
    ("en", "sonar for deep search", "sonar"),
    ("zh", "巡逻用热像仪", "热像仪"),
    ("zh", "台架用陀螺仪", "陀螺仪"),
    ("zh", "钻机用惯性测量装置", "惯性"),
    ("zh", "摆式加速度计", "加速度计"),
    ("zh", "反射型速调管", "速调管"),
    ("zh", "船拖水听器", "水听器"),
    ("zh", "可调磁控管", "磁控管"),
    ("zh", "快沿用示波器", "示波器"),
    ("zh", "夜视通道光电倍增管", "光电倍增管"),
    ("zh", "计算板微处理器", "微处理器"),
    ("zh", "外业重力仪", "重力仪"),
    ("zh", "深海搜索声呐", "声呐"),
    ("zh", "低空目标雷达", "雷达"),
)


def lines() -> list[tuple[str, str]]:
    """Give each good in each template of its language: description and deciding word."""
    return [(template.format(name), word) for lang, name, word in GOODS for template in TEMPLATES[lang]]
