"""Chinese words: characters that are taken for others that look like them, and words that a space has cut."""

import re
from collections.abc import Container

UNSPACED = "\u2e80-\U0003ffff"
"""Range of the characters that the graph also takes one by one: the Han of `elek.words`, and what stands beside them."""

PURE = re.compile(f"[{UNSPACED}]+")

_GROUPS = (
    "未末", "己已巳", "人入八", "土士", "日曰", "电申由甲田", "机杌", "体休", "千干于", "大太犬", "天夫", "王玉主", "木本术", "刀力",
    "贝见", "今令", "鸟乌", "徽微", "炮泡", "线钱", "铝侣", "气乞", "压庄", "开井", "石右", "板扳", "枪抢", "测侧", "轮抡", "航舫", "池他",
    "晶品", "光先", "冷泠", "热执", "泵汞", "阀闽", "管菅", "钢纲", "钛钦", "钴钻", "铀釉", "硅桂", "磁滋", "弹掸", "雷雪", "达迭", "飞气",
    "无元", "厂广", "子了", "火大", "水氷", "末米", "车东", "关天", "发友", "合台", "问间", "历厉", "处外", "儿几", "户尸", "斤斥", "戊戌",
)  # fmt: skip
"""Characters of one shape but for a stroke; our own reading of the shapes."""

_TWINS: dict[str, str] = {}
for _group in _GROUPS:
    for _one in _group:
        _TWINS[_one] = _TWINS.get(_one, "") + _group.replace(_one, "")


def mend_characters(word: str, pairs: Container[str]) -> str:
    """Write the characters that stand in no known pair with their neighbours as twins that do.

    Parameters
    ----------
    word : str
    pairs : container of str
        Known pairs of neighbouring characters.

    Returns
    -------
    str
        As long as `word`.

    Examples
    --------
    >>> mend_characters("集成申路", {"集成", "成电", "电路"})
    '集成电路'
    """
    if not any(c in _TWINS for c in word):
        return word
    mended = list(word)
    for at, c in enumerate(word):
        before, after = word[at - 1 : at], word[at + 1 : at + 2]
        if c in _TWINS and before + c not in pairs and c + after not in pairs:
            mended[at] = next((t for t in _TWINS[c] if before + t in pairs or t + after in pairs), c)
    return "".join(mended)
