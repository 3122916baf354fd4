from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.reported_result_attempt_class import (
    ReportedResultAttemptClass,
    check_reported_result_attempt_class,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.reported_result_audio_type_0 import ReportedResultAudioType0
    from ..models.reported_result_detailed_feedback_type_0 import (
        ReportedResultDetailedFeedbackType0,
    )
    from ..models.reported_result_engine_type_0 import ReportedResultEngineType0


T = TypeVar("T", bound="ReportedResult")


@_attrs_define
class ReportedResult:
    """Result of an analysis; other keys are ignored.

    Attributes:
        attempt_class (ReportedResultAttemptClass | Unset):  Default: 'scored'.
        audio (None | ReportedResultAudioType0 | Unset):
        detailed_feedback (None | ReportedResultDetailedFeedbackType0 | Unset):
        emotion_score (float | None | Unset):
        engine (None | ReportedResultEngineType0 | Unset):
        intonation_score (float | None | Unset):
        overall_score (float | None | Unset):
        pronunciation_score (float | None | Unset):
    """

    attempt_class: ReportedResultAttemptClass | Unset = "scored"
    audio: None | ReportedResultAudioType0 | Unset = UNSET
    detailed_feedback: None | ReportedResultDetailedFeedbackType0 | Unset = UNSET
    emotion_score: float | None | Unset = UNSET
    engine: None | ReportedResultEngineType0 | Unset = UNSET
    intonation_score: float | None | Unset = UNSET
    overall_score: float | None | Unset = UNSET
    pronunciation_score: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.reported_result_audio_type_0 import ReportedResultAudioType0  # noqa: PLC0415
        from ..models.reported_result_detailed_feedback_type_0 import (
            ReportedResultDetailedFeedbackType0,  # noqa: PLC0415
        )
        from ..models.reported_result_engine_type_0 import ReportedResultEngineType0  # noqa: PLC0415

        attempt_class: str | Unset = UNSET
        if not isinstance(self.attempt_class, Unset):
            attempt_class = self.attempt_class

        audio: dict[str, Any] | None | Unset
        if isinstance(self.audio, Unset):
            audio = UNSET
        elif isinstance(self.audio, ReportedResultAudioType0):
            audio = self.audio.to_dict()
        else:
            audio = self.audio

        detailed_feedback: dict[str, Any] | None | Unset
        if isinstance(self.detailed_feedback, Unset):
            detailed_feedback = UNSET
        elif isinstance(self.detailed_feedback, ReportedResultDetailedFeedbackType0):
            detailed_feedback = self.detailed_feedback.to_dict()
        else:
            detailed_feedback = self.detailed_feedback

        emotion_score: float | None | Unset
        if isinstance(self.emotion_score, Unset):
            emotion_score = UNSET
        else:
            emotion_score = self.emotion_score

        engine: dict[str, Any] | None | Unset
        if isinstance(self.engine, Unset):
            engine = UNSET
        elif isinstance(self.engine, ReportedResultEngineType0):
            engine = self.engine.to_dict()
        else:
            engine = self.engine

        intonation_score: float | None | Unset
        if isinstance(self.intonation_score, Unset):
            intonation_score = UNSET
        else:
            intonation_score = self.intonation_score

        overall_score: float | None | Unset
        if isinstance(self.overall_score, Unset):
            overall_score = UNSET
        else:
            overall_score = self.overall_score

        pronunciation_score: float | None | Unset
        if isinstance(self.pronunciation_score, Unset):
            pronunciation_score = UNSET
        else:
            pronunciation_score = self.pronunciation_score

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if attempt_class is not UNSET:
            field_dict["attempt_class"] = attempt_class
        if audio is not UNSET:
            field_dict["audio"] = audio
        if detailed_feedback is not UNSET:
            field_dict["detailed_feedback"] = detailed_feedback
        if emotion_score is not UNSET:
            field_dict["emotion_score"] = emotion_score
        if engine is not UNSET:
            field_dict["engine"] = engine
        if intonation_score is not UNSET:
            field_dict["intonation_score"] = intonation_score
        if overall_score is not UNSET:
            field_dict["overall_score"] = overall_score
        if pronunciation_score is not UNSET:
            field_dict["pronunciation_score"] = pronunciation_score

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.reported_result_audio_type_0 import ReportedResultAudioType0  # noqa: PLC0415
        from ..models.reported_result_detailed_feedback_type_0 import (
            ReportedResultDetailedFeedbackType0,  # noqa: PLC0415
        )
        from ..models.reported_result_engine_type_0 import ReportedResultEngineType0  # noqa: PLC0415

        d = dict(src_dict)
        _attempt_class = d.pop("attempt_class", UNSET)
        attempt_class: ReportedResultAttemptClass | Unset
        if isinstance(_attempt_class, Unset):
            attempt_class = UNSET
        else:
            attempt_class = check_reported_result_attempt_class(_attempt_class)

        def _parse_audio(data: object) -> None | ReportedResultAudioType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                audio_type_0 = ReportedResultAudioType0.from_dict(data)

                return audio_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReportedResultAudioType0 | Unset, data)

        audio = _parse_audio(d.pop("audio", UNSET))

        def _parse_detailed_feedback(data: object) -> None | ReportedResultDetailedFeedbackType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                detailed_feedback_type_0 = ReportedResultDetailedFeedbackType0.from_dict(data)

                return detailed_feedback_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReportedResultDetailedFeedbackType0 | Unset, data)

        detailed_feedback = _parse_detailed_feedback(d.pop("detailed_feedback", UNSET))

        def _parse_emotion_score(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        emotion_score = _parse_emotion_score(d.pop("emotion_score", UNSET))

        def _parse_engine(data: object) -> None | ReportedResultEngineType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                engine_type_0 = ReportedResultEngineType0.from_dict(data)

                return engine_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReportedResultEngineType0 | Unset, data)

        engine = _parse_engine(d.pop("engine", UNSET))

        def _parse_intonation_score(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        intonation_score = _parse_intonation_score(d.pop("intonation_score", UNSET))

        def _parse_overall_score(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        overall_score = _parse_overall_score(d.pop("overall_score", UNSET))

        def _parse_pronunciation_score(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        pronunciation_score = _parse_pronunciation_score(d.pop("pronunciation_score", UNSET))

        reported_result = cls(
            attempt_class=attempt_class,
            audio=audio,
            detailed_feedback=detailed_feedback,
            emotion_score=emotion_score,
            engine=engine,
            intonation_score=intonation_score,
            overall_score=overall_score,
            pronunciation_score=pronunciation_score,
        )

        reported_result.additional_properties = d
        return reported_result

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
