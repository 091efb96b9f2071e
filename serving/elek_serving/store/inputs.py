"""Inputs: the goods lines of a scoring request, kept beside its audit record until retention removes them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from elek_serving.store.database import Base, Moment


class Input(Base):
    """Goods lines as sent, JSON in ASCII."""

    __tablename__ = "inputs"

    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), primary_key=True, autoincrement=False)
    lines: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
