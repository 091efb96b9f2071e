"""HS tree: label order of one edition, arranged so that sums over the children of headings are sums of whole rows."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from elek_training.nomenclature import read_nomenclature

MANY_CHILDREN = 12


@dataclass(frozen=True)
class HsTree:
    """Chapters, headings and subheadings in label order.

    Headings are sorted by how many subheadings they have, then by code, so that headings with equally many children form a block.
    In a block stand the first subheadings of all its headings, then the second ones, and so on: a block of logits reshapes to
    (n, children, headings).

    Attributes
    ----------
    chapters, headings, subheadings : tuple of str
    blocks : tuple of (int, int)
        Number of headings and number of children of each, in label order.
    """

    chapters: tuple[str, ...]
    headings: tuple[str, ...]
    subheadings: tuple[str, ...]
    blocks: tuple[tuple[int, int], ...]

    @property
    def heading_of_subheading(self) -> Tensor:
        """Column of the heading of each subheading; int64, shape (n_subheadings,)."""
        at = {code: i for i, code in enumerate(self.headings)}
        return torch.tensor([at[code[:4]] for code in self.subheadings])

    @property
    def chapter_of_heading(self) -> Tensor:
        """Column of the chapter of each heading; int64, shape (n_headings,)."""
        at = {code: i for i, code in enumerate(self.chapters)}
        return torch.tensor([at[code[:2]] for code in self.headings])

    def heading_log_mass(self, logits: Tensor) -> Tensor:
        """Sum subheadings into headings, in log space.

        Parameters
        ----------
        logits : Tensor, shape (n, n_subheadings)

        Returns
        -------
        Tensor, shape (n, n_headings)
            Log of the sum of exponentials over the children of each heading.
        """
        parts = []
        blocks = torch.split(logits, [n_headings * n_children for n_headings, n_children in self.blocks], dim=1)
        for block, (n_headings, n_children) in zip(blocks, self.blocks, strict=True):
            shaped = block.reshape(-1, n_children, n_headings)
            parts.append(block if n_children == 1 else torch.logsumexp(shaped, dim=1))
        return torch.cat(parts, dim=1)

    def heading_mass(self, p: Tensor) -> Tensor:
        """Sum subheadings into headings.

        Parameters
        ----------
        p : Tensor, shape (n, n_subheadings)
            Probabilities.

        Returns
        -------
        Tensor, shape (n, n_headings)
            Headings with few children block by block; those with many, of which there are few, by one product.
        """
        small = [(headings, children) for headings, children in self.blocks if children <= MANY_CHILDREN]
        sizes = [headings * children for headings, children in small]
        rest = len(self.subheadings) - sum(sizes)
        *blocks, large = torch.split(p, [*sizes, rest], dim=1)
        parts = [
            block if n_children == 1 else block.reshape(-1, n_children, n_headings).sum(dim=1)
            for block, (n_headings, n_children) in zip(blocks, small, strict=True)
        ]
        if rest:
            first = sum(headings for headings, _ in small)
            owner = self.heading_of_subheading[-rest:, None] == torch.arange(first, len(self.headings))
            parts.append(large @ owner.to(p.dtype))
        return torch.cat(parts, dim=1)


@lru_cache(maxsize=1)
def read_tree() -> HsTree:
    """Arrange the nomenclature.

    Returns
    -------
    HsTree
        Headings without a subheading of their own in the edition are left out.

    Examples
    --------
    >>> tree = read_tree()
    >>> len(tree.subheadings), sum(n * k for n, k in tree.blocks)
    (5613, 5613)
    """
    children: dict[str, list[str]] = {}
    for code in read_nomenclature().codes(6):
        children.setdefault(code[:4], []).append(code)
    headings = sorted(children, key=lambda h: (len(children[h]), h))
    sizes = [len(children[h]) for h in headings]
    blocks = tuple((sizes.count(size), size) for size in sorted(set(sizes)))
    return HsTree(
        chapters=tuple(sorted({h[:2] for h in headings})),
        headings=tuple(headings),
        subheadings=tuple(
            children[h][rank]
            for size in sorted(set(sizes))
            for rank in range(size)
            for h in headings
            if len(children[h]) == size
        ),
        blocks=blocks,
    )
