from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.attempt_attempt_class_type_0 import (
    AttemptAttemptClassType0,
    check_attempt_attempt_class_type_0,
)
from ..models.attempt_status import AttemptStatus, check_attempt_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.recorded_words import RecordedWords


T = TypeVar("T", bound="Attempt")


@_attrs_define
class Attempt:
    """One recording of a line by the user, without its feedback.

    Attributes:
        attempt_class (AttemptAttemptClassType0 | None):
        created_at (datetime.datetime):
        emotion_score (float | None):
        intonation_score (float | None):
        job_id (UUID):
        overall_score (float | None):
        pronunciation_score (float | None):
        status (AttemptStatus):
        token_id (int):
        recorded_words (None | RecordedWords | Unset): Null: the whole line
    """

    attempt_class: AttemptAttemptClassType0 | None
    created_at: datetime.datetime
    emotion_score: float | None
    intonation_score: float | None
    job_id: UUID
    overall_score: float | None
    pronunciation_score: float | None
    status: AttemptStatus
    token_id: int
    recorded_words: None | RecordedWords | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.recorded_words import RecordedWords  # noqa: PLC0415

        attempt_class: None | str
        if isinstance(self.attempt_class, str):
            attempt_class = self.attempt_class
        else:
            attempt_class = self.attempt_class

        created_at = self.created_at.isoformat()

        emotion_score: float | None
        emotion_score = self.emotion_score

        intonation_score: float | None
        intonation_score = self.intonation_score

        job_id = str(self.job_id)

        overall_score: float | None
        overall_score = self.overall_score

        pronunciation_score: float | None
        pronunciation_score = self.pronunciation_score

        status: str = self.status

        token_id = self.token_id

        recorded_words: dict[str, Any] | None | Unset
        if isinstance(self.recorded_words, Unset):
            recorded_words = UNSET
        elif isinstance(self.recorded_words, RecordedWords):
            recorded_words = self.recorded_words.to_dict()
        else:
            recorded_words = self.recorded_words

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempt_class": attempt_class,
                "created_at": created_at,
                "emotion_score": emotion_score,
                "intonation_score": intonation_score,
                "job_id": job_id,
                "overall_score": overall_score,
                "pronunciation_score": pronunciation_score,
                "status": status,
                "token_id": token_id,
            }
        )
        if recorded_words is not UNSET:
            field_dict["recorded_words"] = recorded_words

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recorded_words import RecordedWords  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_attempt_class(data: object) -> AttemptAttemptClassType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                attempt_class_type_0 = check_attempt_attempt_class_type_0(data)

                return attempt_class_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AttemptAttemptClassType0 | None, data)

        attempt_class = _parse_attempt_class(d.pop("attempt_class"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_emotion_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        emotion_score = _parse_emotion_score(d.pop("emotion_score"))

        def _parse_intonation_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        intonation_score = _parse_intonation_score(d.pop("intonation_score"))

        job_id = UUID(d.pop("job_id"))

        def _parse_overall_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        overall_score = _parse_overall_score(d.pop("overall_score"))

        def _parse_pronunciation_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        pronunciation_score = _parse_pronunciation_score(d.pop("pronunciation_score"))

        status = check_attempt_status(d.pop("status"))

        token_id = d.pop("token_id")

        def _parse_recorded_words(data: object) -> None | RecordedWords | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                recorded_words_type_0 = RecordedWords.from_dict(data)

                return recorded_words_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RecordedWords | Unset, data)

        recorded_words = _parse_recorded_words(d.pop("recorded_words", UNSET))

        attempt = cls(
            attempt_class=attempt_class,
            created_at=created_at,
            emotion_score=emotion_score,
            intonation_score=intonation_score,
            job_id=job_id,
            overall_score=overall_score,
            pronunciation_score=pronunciation_score,
            status=status,
            token_id=token_id,
            recorded_words=recorded_words,
        )

        attempt.additional_properties = d
        return attempt

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
