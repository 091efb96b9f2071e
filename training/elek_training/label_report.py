"""Label report: one HTML page of the labels to look at again, and how many of them look wrong."""

from collections import Counter
from pathlib import Path

from elek_training.durable import write_whole
from elek_training.evaluation_report import render
from elek_training.label_issues import LabelReview

_SHOWN, _CASES = 100, 8


def write_label_report(review: LabelReview, most_doubt: float, out: Path) -> None:
    """Write the page.

    Parameters
    ----------
    review : LabelReview
    most_doubt : float
        Share of wrong labels above which the gate stays shut.
    out : Path
        HTML file.
    """
    is_open = review.share_wrong <= most_doubt
    doubtful = Counter(issue.case_id for issue in review.issues if issue.case_id and issue.doubt > 0.5)
    sizes = Counter(issue.case_id for issue in review.issues)
    half, most = _first_for(review, 0.5), _first_for(review, 0.8)
    page = render(
        "label_issues.html",
        title="Labels to look at again",
        review=review,
        answer="good" if is_open else "bad",
        headline=f"About {review.share_wrong:.1%} of the labels look wrong.",
        advice=(
            f"The gate {'allows' if is_open else 'stays shut above'} {most_doubt:.0%}. Half of the wrong ones are expected among the first "
            f"{half:,}, four in five among the first {most:,}."
        ),
        cases=[(case, n, sizes[case]) for case, n in doubtful.most_common(_CASES) if n > 1],
        shown=review.issues[:_SHOWN],
    )
    write_whole(out, page.encode("utf-8"))


def _first_for(review: LabelReview, share: float) -> int:
    """Labels to read from the top until a share of all doubt is seen."""
    wanted, seen = share * sum(issue.doubt for issue in review.issues), 0.0
    for number, issue in enumerate(review.issues, start=1):
        seen += issue.doubt
        if seen >= wanted:
            return number
    return len(review.issues)
