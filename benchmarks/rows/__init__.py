"""Rows of the table: each a function that measures elek and its peers."""

from benchmarks.figures import Bar, Row
from benchmarks.rows import headings

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
}
"""Name of a row to the row, in the order of the table."""
