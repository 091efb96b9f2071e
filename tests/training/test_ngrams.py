import pytest

torch = pytest.importorskip("torch")

from hypothesis import given
from hypothesis import strategies as st

from elek.code_points import to_code_points
from elek.text import normalise
from elek_training.encoder import featurise
from elek_training.model_text import model_text
from elek_training.ngrams import hash_features
from factory import FIVE_SCRIPTS

ROWS = 65_536
TEXT = st.text(alphabet="абв xyz 零件 12", max_size=60).map(lambda t: normalise(t).text)


def features(text, length=None):
    found = hash_features(torch.from_numpy(to_code_points([text], length).copy()), ROWS)
    return sorted(found.rows[0][found.valid[0]].tolist())


@given(TEXT, st.integers(0, 5))
def test_padding_adds_no_feature(text, extra):
    natural = to_code_points([text]).shape[1]
    assert features(text) == features(text, natural + 16 * extra)


@given(TEXT)
def test_every_feature_is_a_row_of_the_table(text):
    assert all(1 <= row < ROWS for row in features(text))


def test_character_ngrams_are_counted_as_fasttext_does():
    # " ab ": orders 2-5 within the borders give 3 + 2 + 1 + 0, and one word
    assert len(features("ab")) == 7
    # " ab cd ": twice the same, two words and one pair; nothing crosses the blank
    assert len(features("ab cd")) == 15


def test_the_row_is_the_upper_bits_of_the_hash_modulo_the_table():
    from elek_training.ngrams import _SPREAD, MAX_ROWS, _bucket

    hashed = torch.cat([torch.arange(1 << 16), torch.randint(0, 1 << 30, (1 << 16,), generator=torch.manual_seed(3))])
    for n_rows in (2, 3, 98_304, 3_000_017, MAX_ROWS - 1, MAX_ROWS):
        exact = (((hashed * _SPREAD) & ((1 << 30) - 1)) >> 8) % (n_rows - 1) + 1
        assert torch.equal(_bucket(hashed, n_rows), exact)


def test_words_share_their_features_wherever_they_stand():
    one, other = set(features("насос водяной")), set(features("бытовой насос"))
    assert set(features("насос")) <= one & other


def test_han_characters_count_singly():
    assert set(features("泵")) <= set(features("水泵站")) | set(features("泵"))
    single = set(features("水泵")) & set(features("泵水"))
    assert len(single) == 2


def test_order_of_neighbouring_words_does_not_matter():
    assert features("ab cd") == features("cd ab")


def test_few_features_collide_over_real_words():
    words = [normalise(text).text for text in FIVE_SCRIPTS]
    assert (
        len({row for word in words for row in features(word)}) > 0.95 * sum(len(set(features(w))) for w in words) - 40
    )


def test_featurise_keeps_the_order_of_texts():
    texts = ["насос", "a", "", "микросхема памяти"]
    together = featurise(texts, ROWS)
    for text, rows in zip(texts, together, strict=True):
        assert sorted(rows.tolist()) == features(model_text(text)) or not text


def test_the_encoder_is_a_sentence_transformers_module_that_survives_saving(tmp_path):
    from sentence_transformers import SentenceTransformer

    from elek_training.encoder import NgramEncoder, collate

    torch.manual_seed(0)
    encoder = NgramEncoder(4096, 8)
    encoder.save(str(tmp_path))
    texts = ["насос водяной", "水泵"]
    mine = encoder(collate(featurise(texts, 4096)))["sentence_embedding"].detach().numpy()
    for one in (encoder, NgramEncoder.load(str(tmp_path))):
        assert abs(SentenceTransformer(modules=[one], device="cpu").encode(texts) - mine).max() < 1e-5
