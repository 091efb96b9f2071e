import json
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from elek import Bundle, Scorer
from elek.code_points import to_code_points
from elek.graph import OUTPUTS, Graph
from elek.text import normalise
from elek_training.calibrate import Calibration
from elek_training.config import read_config
from elek_training.encoder import featurise
from elek_training.export import ExportError, check_parity, export, make_labels, to_onnx
from elek_training.fit import GoodsModel, prepare
from elek_training.fit_members import fit, join
from elek_training.graph import ByteRows, GoodsGraph
from elek_training.labelled import LabelledLine
from elek_training.model_text import model_text
from elek_training.precedents import choose
from elek_training.targets import LabelSpace
from elek_training.taxonomy import read_taxonomy
from elek_training.tree import read_tree
from factory import FIVE_SCRIPTS

SPACE = LabelSpace(read_tree(), read_taxonomy().labels())


@pytest.fixture(scope="module")
def graph():
    torch.manual_seed(1)
    model = GoodsModel(read_config("smoke"), SPACE)
    for head in (model.heads.subheading, model.heads.control, model.heads.vague):
        torch.nn.init.normal_(head.weight, 0, 0.5)
    return GoodsGraph(model, Calibration()).eval()


def test_every_output_agrees_with_torch_in_five_scripts(graph):
    labels = make_labels(SPACE)
    onnx_graph = Graph(to_onnx(graph, labels), labels)
    texts = [normalise(t).text for t in FIVE_SCRIPTS for _ in range(100)]
    texts = [f"{t} {i}" for i, t in enumerate(texts)]
    declared = np.random.default_rng(0).integers(-1, 90, size=(len(texts), 3))
    code_points = to_code_points(texts)
    said = onnx_graph._session.run(list(OUTPUTS), {"code_points": code_points, "declared": declared})
    with torch.no_grad():
        expected = graph(torch.from_numpy(code_points.copy()), torch.from_numpy(declared))
    for name, mine, theirs in zip(OUTPUTS, said, expected, strict=True):
        if name not in ("top_heading", "top_subheading"):  # equal probabilities may change places
            assert np.abs(mine - theirs.numpy()).max() <= 1e-4, name


def test_a_graph_that_disagrees_is_refused(smoke_bundle, graph):
    wrong = Bundle.load(smoke_bundle).files["model.onnx"]
    with pytest.raises(ExportError, match="differ"):
        check_parity(graph, wrong, ["насос", "чип"], np.full((2, 3), -1))


def test_an_exported_bundle_loads_and_says_what_it_was_trained_on(smoke_bundle):
    scorer = Scorer.load(smoke_bundle)
    data = scorer.bundle.index["data"]
    assert data["counts"]["lines"] == 4
    assert data["changed_labels"] == {"moved to the current edition": 1}
    assert set(scorer.bundle.index["metrics"]) >= {"heading top-1", "controlled calibration error"}
    assert scorer.bundle.index["parity"]["largest_difference"] <= 1e-4
    assert len(scorer.bundle.golden()) >= 10


def test_precedents_hold_plain_arrays(smoke_bundle):
    with np.load(smoke_bundle / "precedents.npz", allow_pickle=False) as precedents:
        ends = precedents["text_end"]
        texts = precedents["text"].tobytes()
        assert precedents["embedding"].shape[0] == len(ends) == len(precedents["hs"])
        assert texts[: ends[0]].decode("utf-8")


def test_out_is_replaced_whole_or_not_at_all(tmp_path, graph, monkeypatch, smoke_bundle):
    out = tmp_path / "bundle"
    out.mkdir()
    (out / "something").write_text("mine")
    with pytest.raises(ExportError, match="is no bundle"):
        export(graph, SPACE, [], None, out)
    assert (out / "something").read_text() == "mine"


def test_byte_rows_round_to_half_a_step():
    matrix = torch.randn(50, 16)
    stored = ByteRows.of(matrix)
    assert (stored.restore() - matrix).abs().max() <= stored.factor.max() / 2 + 1e-6


def test_the_same_seed_gives_the_same_bundle(tmp_path):
    import dataclasses

    from elek_training.pipeline import train
    from elek_training.sources import gather
    from elek_training.tracking import Run

    config = dataclasses.replace(read_config("smoke"), composed_lines=300, epochs=1)
    digests = {train(gather(config, []), config, tmp_path / name, Run(name, None)).digest for name in ("a", "b")}
    assert len(digests) == 1


def test_config_refuses_unknown_keys(tmp_path):
    from elek_training.config import CONFIGS, ConfigError

    path = tmp_path / "mine.toml"
    path.write_text((CONFIGS / "smoke.toml").read_text() + "colour = 1\n")
    with pytest.raises(ConfigError, match="'colour' is unknown"):
        read_config(str(path))
    with pytest.raises(ConfigError, match="known are"):
        read_config("nothing")


def test_index_is_plain_json(smoke_bundle):
    json.loads((smoke_bundle / "bundle.json").read_text(encoding="utf-8"))


def test_members_joined_score_as_the_mean_of_their_logits():
    config = replace(read_config("smoke"), members=2, width=32)
    torch.manual_seed(3)
    members = [GoodsModel(replace(config, members=1, width=16), SPACE).eval() for _ in range(2)]
    for member in members:
        for parameter in member.parameters():
            torch.nn.init.normal_(parameter, 0, 0.3)
    joined = join(members, config)
    rows = featurise(FIVE_SCRIPTS, config.n_rows)
    with torch.no_grad():
        for head in ("hs_logits", "control", "vague"):
            apart = [getattr(member.heads, head)(member.embed(rows)) for member in members]
            together = getattr(joined.heads, head)(joined.embed(rows))
            assert torch.allclose(together, torch.stack(apart).mean(dim=0), atol=1e-4)
        graph = GoodsGraph(joined, Calibration()).eval()
        code_points = torch.from_numpy(to_code_points([model_text(t) for t in FIVE_SCRIPTS]).copy())
        # in the graph the tables are bytes
        assert torch.allclose(graph.embed(code_points), joined.embed(rows), atol=0.02)


def test_members_are_fitted_alike_on_any_machine():
    config = replace(read_config("smoke"), members=2, epochs=1, width=16)
    lines = [
        LabelledLine(f"{text} {i}", hs=code) for i in range(20) for text, code in (("насос", "8413"), ("болт", "7318"))
    ]
    prepared = prepare(lines, config.n_rows)
    first, again = (fit(prepared, config, SPACE, lambda step, n_steps, loss: None) for _ in range(2))
    for name, weights in first.state_dict().items():
        assert torch.equal(weights, again.state_dict()[name])
    assert not torch.equal(first.encoder.tables[0].weight, first.encoder.tables[1].weight)


def test_precedents_are_cases_then_goods_in_every_language_then_official_texts():
    lines = [
        LabelledLine("official text", hs="8413", source="tnved", lang="ru"),
        LabelledLine("насос водяной, арт. 5", hs="8413", source="composed", lang="ru", group="g1", control=("none",)),
        LabelledLine("насос", hs="8413", source="composed", lang="ru", group="g1", control=("none",)),
        LabelledLine("тепловизор", hs="8525", source="composed", lang="ru", group="g2", control=("6A003",)),
        LabelledLine("pump", hs="8413", source="composed", lang="en", group="g1", control=("none",)),
        LabelledLine("seized pump", hs="8413", source="july", case_id="C-1"),
        LabelledLine("Насос", hs="8413", source="lexicon", lang="ru"),
        LabelledLine("vague thing", hs="8413", vague=True, source="composed", lang="en"),
    ]
    assert [lines[row].description for row in choose(lines)] == [
        "seized pump",
        "тепловизор",
        "pump",
        "Насос",
        "official text",
    ]
