"""Reports of a retraining: everything that a person reads before promoting, in one folder beside the bundle."""

import json
from pathlib import Path

from elek_training.comparison_report import write_comparison
from elek_training.durable import write_whole
from elek_training.evaluation_report import write_evaluation
from elek_training.gate import gate_record
from elek_training.label_issues import write_issues
from elek_training.label_report import write_label_report
from elek_training.retrain import Retrained, RetrainRequest


def write_reports(found: Retrained, request: RetrainRequest) -> Path:
    """Write `gate.json`, `compare.html`, `evaluate.html`, `leaks.json`, `label-issues.csv` and `label-issues.html`.

    Parameters
    ----------
    found : Retrained
    request : RetrainRequest

    Returns
    -------
    Path
        The folder, named as the bundle with ``-report``.
    """
    out = request.out.with_name(f"{request.out.name}-report")
    record = json.dumps(gate_record(found.comparison, found.gate), ensure_ascii=False, indent=1)
    write_whole(out / "gate.json", record.encode("utf-8"))
    leaks = json.dumps(found.leaks.as_dict(), ensure_ascii=False, indent=1)
    write_whole(out / "leaks.json", leaks.encode("utf-8"))
    write_comparison(found.comparison, found.gate, found.review.share_wrong, request.gate_rules, out / "compare.html")
    write_evaluation(found.evaluation, out / "evaluate.html")
    write_issues(found.review, out / "label-issues.csv")
    write_label_report(found.review, request.gate_rules.most_label_doubt, out / "label-issues.html")
    return out
