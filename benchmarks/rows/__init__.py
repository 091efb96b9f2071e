"""Rows of the table: each a function that measures elek and its peers."""

from benchmarks.figures import Bar, Row
from benchmarks.rows import controlled, cost, english, evasion, headings, misdeclared, unseen_goods

ROWS: dict[str, Row] = {
    "ru": Row(
        "ru-declarations, trained on the other folds and TN VED text",
        headings.russian_headings,
        {"heading top-1": Bar(0.03, over_peer=True), "heading top-5": Bar(0.02, over_peer=True)},
    ),
    "ru-zero-shot": Row(
        "ru-declarations, the starter bundle, no declaration seen",
        headings.russian_zero_shot,
        {"heading top-1": Bar(0.66), "heading top-5": Bar(0.83)},
    ),
    "parts": Row(
        "electronic-parts, split by family",
        headings.part_subheadings,
        {"subheading top-1": Bar(0.04, over_peer=True), "subheading top-5": Bar(0.02, over_peer=True)},
    ),
    "misdeclared": Row(
        "ru-declarations, one declared heading in ten wrong",
        misdeclared.misdeclared_headings,
        {
            "drawn by frequency: AP": Bar(0.035, over_peer=True),
            "same chapter: AP": Bar(0.045, over_peer=True),
            "drawn by frequency: ECE": Bar(0.03, at_most=True),
            "same chapter: ECE": Bar(0.03, at_most=True),
        },
    ),
    "chpl": Row(
        "parts on the CHPL against others, split by family",
        controlled.listed_parts,
        {"recall at 5 % false flags": Bar(0.05, over_peer=True)},
    ),
    "controlled": Row(
        "controlled against harmless goods, absent from training",
        controlled.left_out_goods,
        {"recall at 1 % false flags": Bar(0.80), "ECE": Bar(0.03, at_most=True)},
    ),
    "fpo": Row(
        "uk-fpo extra_references, none seen", english.parcel_headings, {"heading top-1": Bar(0.04, over_peer=True)}
    ),
    "entries": Row(
        "paragraphs of Annex I and the CCL, held out by paragraph",
        english.entries_of_paragraphs,
        {"category top-1": Bar(0.08, over_peer=True), "entry top-1": Bar(0.08, over_peer=True)},
    ),
    "vague": Row(
        "vague terms against search references", english.vague_terms, {"AUC": Bar(0.95), "ECE": Bar(0.03, at_most=True)}
    ),
    "unseen-goods": Row(
        "300 goods absent from training in every language",
        unseen_goods.unseen_headings,
        {"worst language": Bar(0.60), "gap": Bar(0.08, at_most=True)},
    ),
    "evasion": Row("queued lines, treated: share that passes", evasion.evasion_scorecard, evasion.limits()),
    "cost": Row(
        "cost of the default bundle",
        cost.cost,
        {
            "lines a second on one core": Bar(9000),
            "starter bundle, MB": Bar(16, at_most=True),
            "training seconds, one fold of ru": Bar(600, at_most=True),
        },
    ),
}
"""Name of a row to the row, in the order of the table."""
