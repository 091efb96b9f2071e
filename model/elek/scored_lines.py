"""Scored lines as a list that a notebook can turn into a table."""

from typing import TYPE_CHECKING

from elek.errors import ElekError
from elek.goods import ScoredLine

if TYPE_CHECKING:
    import pandas as pd


class ScoredLines(list[ScoredLine]):
    """Scored lines, in the order of the goods lines."""

    def to_pandas(self) -> "pd.DataFrame":
        """Give a table with the columns of a scored CSV, a row for each line; needs the extra `training`.

        Returns
        -------
        DataFrame
            Ranked lists as text, ``code:p`` joined by blanks.

        Raises
        ------
        ElekError
            If pandas is not installed.

        Examples
        --------
        >>> from elek import Scorer
        >>> Scorer.load().score(["квадрокоптер"]).to_pandas()["status"].tolist()
        ['ok']
        """
        try:
            import pandas as pd
        except ModuleNotFoundError as error:
            raise ElekError("to_pandas() needs the extra 'training': pip install 'elek[training]'") from error
        from elek.scored_file import COLUMNS, flatten

        return pd.DataFrame([flatten(line.to_record()) for line in self], columns=list(COLUMNS))
