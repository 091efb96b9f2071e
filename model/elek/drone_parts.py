"""Drone parts: which part of a drone a goods line names, by words in four languages and by its likely heading."""

import re
from collections.abc import Collection

from elek.text import fold

HEADINGS = frozenset({
    "3926", "4016", "6815", "7616", "8407", "8411", "8412", "8501", "8503", "8504", "8507", "8517", "8525", "8526", "8527", "8528",
    "8529", "8534", "8536", "8537", "8541", "8542", "8543", "8803", "8805", "8806", "8807", "9013", "9014", "9015", "9027", "9031",
    "9032", "9503", "9504", "9506",
})  # fmt: skip
"""Headings under which drone parts travel, rightly or not; lines likely under others are not searched for words."""

DRONE_WORDS = re.compile(
    r"дрон|бпла|\bбвс\b|коптер|мультиротор|fpv|\buav\b|\buas\b|drone|multirotor|ұшқышсыз|无人机|穿越机|航模|多旋翼|四轴"
)

OWN_PARTS = frozenset({"flight controller", "speed controller", "airframe"})
"""Parts that hardly anything but a drone has."""

_WORDS = {
    "flight controller": (
        r"пол[её]тн\w* контролл|контроллер\w* пол[её]т|автопилот|ұшу контролл|ұшуды басқар|автоұшқыш|flight control|autopilot|"
        r"pixhawk|speedybee|飞控|飞行控制|自动驾驶仪|\b[fh][47]\d\d\b"
    ),
    "speed controller": (
        r"регулятор\w* (?:хода|оборот|скорост)|электронн\w+ регулятор|(?:айналым|жылдамдық)\w* реттегіш|\besc\b|speed control|"
        r"电调|电子调速|调速器"
    ),
    "airframe": (
        r"рам[аыу]\w* .{0,25}(?:коптер|дрон|fpv|бпла|карбон|углеволок|углерод)|(?:карбонов|углеволок|углепласт)\w+ рам|"
        r"планер\w* бпла|фюзеляж|(?:корпус|крыл[оья])\w* .{0,12}(?:бпла|дрон|коптер)|"
        r"(?:дрон|ұшқышсыз|коптер)\S* .{0,20}(?:рама|корпус|қаңқа)|көміртекті рама|"
        r"airframe|fuselage|(?:drone|fpv|copter|carbon|fib(?:er|re)) frame|机架|机身|机臂"
    ),
    "propeller": r"пропеллер|воздушн\w+ винт|лопаст\w+ .{0,12}(?:дрон|коптер|бпла)|әуе бұрандасы|propeller|螺旋桨|桨叶",
    "camera": r"камер|тепловиз|camera|thermal imag|摄像|相机|热像|云台|\d{3,4}\s?tvl",
    "battery": r"аккумулятор|батаре|battery|batteries|li-?po|锂聚合物|锂电池|电池|\b[2-9]s\b.{0,12}\d{3,5}\s?m?ah",
    "radio link": (
        r"видеопередатч|видео таратқыш|видео хабарлағыш|video transmitter|\bvtx\b|\belrs\b|crossfire|"
        r"(?:приемник|пульт)\w* .{0,25}(?:радио|дрон|коптер)|rc receiver|图传|接收机|遥控接收"
    ),
    "motor": (
        r"бесколлекторн|бесщ[её]точн|щеткасыз|щёткасыз|қылшақсыз|brushless|无刷|\b\d{3,4}\s?kv\b|\b(?:мотор|motor|қозғалтқыш)"
    ),
}
_HINT = re.compile(
    "контролл|пилот|pilot|ұшу|ұшқы|control|pixhawk|speedybee|飞控|飞行控制|驾驶仪|f4|f7|h4|h7|регулятор|реттегіш|esc|电调|调速|рам|планер|"
    "фюзеляж|корпус|крыл|frame|fuselage|机架|机身|机臂|пропеллер|винт|лопаст|бұранда|propeller|螺旋桨|桨叶|камер|тепловиз|camera|thermal|"
    "摄像|相机|热像|云台|tvl|аккумулятор|батаре|batter|lipo|li-po|锂|电池|ah|видео|video|vtx|elrs|crossfire|приемник|пульт|receiver|图传|"
    "接收|бесколлекторн|бесщ|ткасыз|қылшақсыз|brushless|无刷|kv|мотор|motor|қозғалтқыш|қаңқа|дрон|бпла|бвс|коптер|ротор|fpv|uav|uas|drone|rotor|无人机|穿越机|"
    "航模|旋翼|四轴"
)
"""Of every alternative above a piece that it cannot be without: most lines hold none, which is found out ten times sooner."""

_PART = re.compile("|".join(f"(?P<p{i}>{words})" for i, words in enumerate(_WORDS.values())))
_NAMES = tuple(_WORDS)
_BY_HEADING = {"8501": "motor", "8525": "camera", "8507": "battery", "8807": "airframe"}


def drone_part(description: str, headings: Collection[str]) -> tuple[str, bool]:
    """Find the part of a drone that a line names.

    Parameters
    ----------
    description : str
    headings : collection of str
        Likely headings, most probable first.

    Returns
    -------
    part : str
        Empty when it names none.
    drone : bool
        Whether the line speaks of drones.

    Examples
    --------
    >>> drone_part("飞控板 F405 无人机飞行控制器", ["8537"]), drone_part("Полётный контроллер F7", ["8537"])
    (('flight controller', True), ('flight controller', False))
    >>> drone_part("жүгері дәні азықтық", ["1005"])
    ('', False)
    """
    if HEADINGS.isdisjoint(headings):
        return "", False
    text = fold(description[:1000])
    by_heading = _BY_HEADING.get(next(iter(headings)), "")
    if not _HINT.search(text):
        return by_heading, False
    found = [_NAMES[int(m.lastgroup[1:])] for m in _PART.finditer(text) if m.lastgroup]
    return min(found, key=_NAMES.index) if found else by_heading, bool(DRONE_WORDS.search(text))
