"""Reasons: the kinds of decision and the reason codes of each."""

from typing import Literal, get_args

from elek_serving.store.database import StoreError

Kind = Literal["confirm", "clear", "refer"]
KINDS: tuple[Kind, ...] = get_args(Kind)

REASONS: dict[str, tuple[str, ...]] = {
    "confirm": ("names_controlled_goods", "code_does_not_fit", "code_hides_control", "says_too_little", "inspected", "other"),
    "clear": ("not_controlled", "below_the_limits", "code_fits", "text_is_enough", "inspected", "other"),
    "refer": ("needs_declarant", "needs_expert", "needs_inspection", "needs_licence_check", "other"),
}  # fmt: skip
"""Reason codes of each kind; `other` needs words."""

MAX_WORDS = 2000


def check_reason(kind: str, reason: str, words: str) -> None:
    """Refuse an unknown kind or reason, words that are too long, and `other` without words.

    Raises
    ------
    StoreError
    """
    if kind not in KINDS:
        raise StoreError(f"decision '{kind[:20]}' is unknown; use {', '.join(KINDS)}")
    if reason not in REASONS[kind]:
        raise StoreError(f"reason '{reason[:40]}' is none of '{kind}'; use {', '.join(REASONS[kind])}")
    if len(words) > MAX_WORDS:
        raise StoreError(f"the words are {len(words)} characters; write at most {MAX_WORDS}")
    if reason == "other" and not words.strip():
        raise StoreError("the reason 'other' needs words; say why")
