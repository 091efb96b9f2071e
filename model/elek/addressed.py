"""Addressed: texts that speak to whoever reads them, officer or machine, and not of goods alone.

A shipper adds an order, a claim or a threat for free, and every word of it dilutes the words that name the goods. No such sentence
is obeyed, and none is cut out: the beginnings and the ends of a text that holds such words are scored as well as the whole.
"""

import re

MOST_WORDS = 12
"""Words of the longest beginning or end; a name longer than that is not diluted so easily."""

_WORDS = frozenset(
    """
    ignore disregard forget pretend override obey instruction instructions prompt prompts assistant chatbot answer respond verdict flag
    flagged risk score harmless skip approve approved customs cleared released licence license permit permits inspected
    examined officer declaration ministry embassy lawyer lawyers court sue complaint complaints damages demurrage
    delays delayed reported restriction restrictions
    забудь забудьте ответ отвечай отвечайте оценка оценки считай считайте выведи вывести отмени отмените строку риск риска риски коридор
    осмотрено осмотрен пропусти пропустить пропустите пошлина пошлины замечаний ограничений выпущен выпущено выпущена суд суду
    инспектору инспектора
    ұмыт елеме елемеңіз ескерту тексерусіз тексермей тексерілген тексерудің баж арыз сотқа елшілік бұйрық жауабың шектеу
    """.split()  # noqa: SIM905 - a list of a hundred quoted words is harder to read
)
_STEMS_5 = frozenset(
    "игнор тамож досмо лицен одобр жалоб проку юрист ущерб убытк взыск госза тәуек мақұл кеден рұқса шағым кідір кешік".split()  # noqa: SIM905 - as above
)
_STEMS_7 = frozenset(
    """
    ассисте нейросе присвои присваи классиф предыду согласо провере опломби уполном министе посольс нұсқаул белгіле министр пломбал
    """.split()  # noqa: SIM905 - as above
)
_HAN = re.compile(
    "忽略|无视|忘[掉记]|系统提示|判定|视为|只能回答|风险|跳过|海关|放行|通关|免检|许可|查验|税款|无限制|加封|归类决定"
    "|未发现问题|投诉|起诉|追究|责任|赔偿|延误|扣[留押]|律师|商务部|大使馆|无需|审核|批准"
)


def ends(text: str) -> tuple[str, ...]:
    """Give the beginnings and ends of a text that speaks to its reader.

    Parameters
    ----------
    text : str
        As `normalise` gives it.

    Returns
    -------
    tuple of str
        Of 1 to `MOST_WORDS` words each, never the whole text; none when no word of the text is about the reader.

    Examples
    --------
    >>> ends("насос водяной")
    ()
    >>> ends("насос досмотр проведен")
    ('насос', 'проведен', 'насос досмотр', 'досмотр проведен')
    """
    words = text.split(" ")
    if (
        _WORDS.isdisjoint(words)
        and _STEMS_5.isdisjoint([word[:5] for word in words])
        and _STEMS_7.isdisjoint([word[:7] for word in words])
        and not _HAN.search(text)
    ):
        return ()
    longest = min(MOST_WORDS, len(words) - 1)
    return tuple(" ".join(end) for n in range(1, longest + 1) for end in (words[:n], words[-n:]))
