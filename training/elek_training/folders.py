"""Where the facts (taxonomy) and the catalogue lie: in the checkout, or inside the installed package."""

from pathlib import Path

_INSTALLED = Path(__file__).with_name("data")
_CHECKOUT = Path(__file__).resolve().parents[2] / "data"


def data_folder(name: str) -> Path:
    """Find `data/taxonomy` or `data/catalogue`.

    Parameters
    ----------
    name : {"taxonomy", "catalogue"}

    Returns
    -------
    Path

    Raises
    ------
    FileNotFoundError
        If neither the installed package nor a checkout around it has the folder.
    """
    for root in (_INSTALLED, _CHECKOUT):
        if (root / name).is_dir():
            return root / name
    raise FileNotFoundError(f"data/{name} is neither in the package nor in a checkout around it; install elek again")
