"""What a value rests on: a published figure, a study, or somebody's judgement."""

from __future__ import annotations

from enum import StrEnum

_WORD = "judgement"  # in a file
ASSUMED = "our assumption"  # for people


class Basis(StrEnum):
    """What a value rests on, decided from the source that is named for it."""

    PUBLISHED = "published"
    STUDY = "study"
    JUDGEMENT = "judgement"

    @property
    def words(self) -> str:
        """What people read: a judgement is no expert's blessing, but an assumption made here."""
        return ASSUMED if self is Basis.JUDGEMENT else str(self)

    @classmethod
    def of(cls, source: str) -> Basis:
        """The basis of an assumption with this source.

        Judgement where the source says so or none is named, else a study.
        """
        return cls.JUDGEMENT if not source or _WORD in source else cls.STUDY

    @staticmethod
    def reason(source: str) -> str:
        """What a source says beside the word judgement, as people read it; empty where that is all."""
        rest = source.removeprefix(f"{_WORD}:").removeprefix(_WORD).strip(" ;")
        return rest.replace(_WORD, ASSUMED)
