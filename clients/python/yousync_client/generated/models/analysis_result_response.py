from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.analysis_result_response_attempt_class_type_0 import (
    AnalysisResultResponseAttemptClassType0,
    check_analysis_result_response_attempt_class_type_0,
)
from ..models.analysis_result_response_status import (
    AnalysisResultResponseStatus,
    check_analysis_result_response_status,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.analysis_result_response_audio_type_0 import (
        AnalysisResultResponseAudioType0,
    )
    from ..models.analysis_result_response_detailed_feedback_type_0 import (
        AnalysisResultResponseDetailedFeedbackType0,
    )
    from ..models.analysis_result_response_engine_type_0 import (
        AnalysisResultResponseEngineType0,
    )
    from ..models.job_error import JobError
    from ..models.recorded_words import RecordedWords
    from ..models.reference_used import ReferenceUsed


T = TypeVar("T", bound="AnalysisResultResponse")


@_attrs_define
class AnalysisResultResponse:
    """The state of a job and, once it is completed, its scores (0 to 100) and feedback.

    Attributes:
        attempt_class (AnalysisResultResponseAttemptClassType0 | None):
        audio (AnalysisResultResponseAudioType0 | None):
        completed_at (datetime.datetime | None):
        created_at (datetime.datetime):
        detailed_feedback (AnalysisResultResponseDetailedFeedbackType0 | None): Scores, words and tips as in
            docs/result.schema.json; earlier results have fewer fields
        emotion_score (float | None): Expressiveness match: how closely delivery follows the actor's
        engine (AnalysisResultResponseEngineType0 | None):
        error (JobError | None):
        intonation_score (float | None):
        job_id (UUID):
        message (None | str):
        overall_score (float | None):
        progress (int):
        pronunciation_score (float | None):
        stage (str):
        status (AnalysisResultResponseStatus):
        token_id (int):
        user_audio_url (None | str): Signed URL of the recording while it is stored
        recorded_words (None | RecordedWords | Unset): Null: the whole line
        reference (None | ReferenceUsed | Unset): Null until it is sent, and for earlier results
    """

    attempt_class: AnalysisResultResponseAttemptClassType0 | None
    audio: AnalysisResultResponseAudioType0 | None
    completed_at: datetime.datetime | None
    created_at: datetime.datetime
    detailed_feedback: AnalysisResultResponseDetailedFeedbackType0 | None
    emotion_score: float | None
    engine: AnalysisResultResponseEngineType0 | None
    error: JobError | None
    intonation_score: float | None
    job_id: UUID
    message: None | str
    overall_score: float | None
    progress: int
    pronunciation_score: float | None
    stage: str
    status: AnalysisResultResponseStatus
    token_id: int
    user_audio_url: None | str
    recorded_words: None | RecordedWords | Unset = UNSET
    reference: None | ReferenceUsed | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.analysis_result_response_audio_type_0 import (
            AnalysisResultResponseAudioType0,  # noqa: PLC0415
        )
        from ..models.analysis_result_response_detailed_feedback_type_0 import (
            AnalysisResultResponseDetailedFeedbackType0,  # noqa: PLC0415
        )
        from ..models.analysis_result_response_engine_type_0 import (
            AnalysisResultResponseEngineType0,  # noqa: PLC0415
        )
        from ..models.job_error import JobError  # noqa: PLC0415
        from ..models.recorded_words import RecordedWords  # noqa: PLC0415
        from ..models.reference_used import ReferenceUsed  # noqa: PLC0415

        attempt_class: None | str
        if isinstance(self.attempt_class, str):
            attempt_class = self.attempt_class
        else:
            attempt_class = self.attempt_class

        audio: dict[str, Any] | None
        if isinstance(self.audio, AnalysisResultResponseAudioType0):
            audio = self.audio.to_dict()
        else:
            audio = self.audio

        completed_at: None | str
        if isinstance(self.completed_at, datetime.datetime):
            completed_at = self.completed_at.isoformat()
        else:
            completed_at = self.completed_at

        created_at = self.created_at.isoformat()

        detailed_feedback: dict[str, Any] | None
        if isinstance(self.detailed_feedback, AnalysisResultResponseDetailedFeedbackType0):
            detailed_feedback = self.detailed_feedback.to_dict()
        else:
            detailed_feedback = self.detailed_feedback

        emotion_score: float | None
        emotion_score = self.emotion_score

        engine: dict[str, Any] | None
        if isinstance(self.engine, AnalysisResultResponseEngineType0):
            engine = self.engine.to_dict()
        else:
            engine = self.engine

        error: dict[str, Any] | None
        if isinstance(self.error, JobError):
            error = self.error.to_dict()
        else:
            error = self.error

        intonation_score: float | None
        intonation_score = self.intonation_score

        job_id = str(self.job_id)

        message: None | str
        message = self.message

        overall_score: float | None
        overall_score = self.overall_score

        progress = self.progress

        pronunciation_score: float | None
        pronunciation_score = self.pronunciation_score

        stage = self.stage

        status: str = self.status

        token_id = self.token_id

        user_audio_url: None | str
        user_audio_url = self.user_audio_url

        recorded_words: dict[str, Any] | None | Unset
        if isinstance(self.recorded_words, Unset):
            recorded_words = UNSET
        elif isinstance(self.recorded_words, RecordedWords):
            recorded_words = self.recorded_words.to_dict()
        else:
            recorded_words = self.recorded_words

        reference: dict[str, Any] | None | Unset
        if isinstance(self.reference, Unset):
            reference = UNSET
        elif isinstance(self.reference, ReferenceUsed):
            reference = self.reference.to_dict()
        else:
            reference = self.reference

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempt_class": attempt_class,
                "audio": audio,
                "completed_at": completed_at,
                "created_at": created_at,
                "detailed_feedback": detailed_feedback,
                "emotion_score": emotion_score,
                "engine": engine,
                "error": error,
                "intonation_score": intonation_score,
                "job_id": job_id,
                "message": message,
                "overall_score": overall_score,
                "progress": progress,
                "pronunciation_score": pronunciation_score,
                "stage": stage,
                "status": status,
                "token_id": token_id,
                "user_audio_url": user_audio_url,
            }
        )
        if recorded_words is not UNSET:
            field_dict["recorded_words"] = recorded_words
        if reference is not UNSET:
            field_dict["reference"] = reference

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.analysis_result_response_audio_type_0 import (
            AnalysisResultResponseAudioType0,  # noqa: PLC0415
        )
        from ..models.analysis_result_response_detailed_feedback_type_0 import (
            AnalysisResultResponseDetailedFeedbackType0,  # noqa: PLC0415
        )
        from ..models.analysis_result_response_engine_type_0 import (
            AnalysisResultResponseEngineType0,  # noqa: PLC0415
        )
        from ..models.job_error import JobError  # noqa: PLC0415
        from ..models.recorded_words import RecordedWords  # noqa: PLC0415
        from ..models.reference_used import ReferenceUsed  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_attempt_class(data: object) -> AnalysisResultResponseAttemptClassType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                attempt_class_type_0 = check_analysis_result_response_attempt_class_type_0(data)

                return attempt_class_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AnalysisResultResponseAttemptClassType0 | None, data)

        attempt_class = _parse_attempt_class(d.pop("attempt_class"))

        def _parse_audio(data: object) -> AnalysisResultResponseAudioType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                audio_type_0 = AnalysisResultResponseAudioType0.from_dict(data)

                return audio_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AnalysisResultResponseAudioType0 | None, data)

        audio = _parse_audio(d.pop("audio"))

        def _parse_completed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                completed_at_type_0 = datetime.datetime.fromisoformat(data)

                return completed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        completed_at = _parse_completed_at(d.pop("completed_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_detailed_feedback(data: object) -> AnalysisResultResponseDetailedFeedbackType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                detailed_feedback_type_0 = AnalysisResultResponseDetailedFeedbackType0.from_dict(data)

                return detailed_feedback_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AnalysisResultResponseDetailedFeedbackType0 | None, data)

        detailed_feedback = _parse_detailed_feedback(d.pop("detailed_feedback"))

        def _parse_emotion_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        emotion_score = _parse_emotion_score(d.pop("emotion_score"))

        def _parse_engine(data: object) -> AnalysisResultResponseEngineType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                engine_type_0 = AnalysisResultResponseEngineType0.from_dict(data)

                return engine_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AnalysisResultResponseEngineType0 | None, data)

        engine = _parse_engine(d.pop("engine"))

        def _parse_error(data: object) -> JobError | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = JobError.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JobError | None, data)

        error = _parse_error(d.pop("error"))

        def _parse_intonation_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        intonation_score = _parse_intonation_score(d.pop("intonation_score"))

        job_id = UUID(d.pop("job_id"))

        def _parse_message(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        message = _parse_message(d.pop("message"))

        def _parse_overall_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        overall_score = _parse_overall_score(d.pop("overall_score"))

        progress = d.pop("progress")

        def _parse_pronunciation_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        pronunciation_score = _parse_pronunciation_score(d.pop("pronunciation_score"))

        stage = d.pop("stage")

        status = check_analysis_result_response_status(d.pop("status"))

        token_id = d.pop("token_id")

        def _parse_user_audio_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        user_audio_url = _parse_user_audio_url(d.pop("user_audio_url"))

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

        def _parse_reference(data: object) -> None | ReferenceUsed | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                reference_type_0 = ReferenceUsed.from_dict(data)

                return reference_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReferenceUsed | Unset, data)

        reference = _parse_reference(d.pop("reference", UNSET))

        analysis_result_response = cls(
            attempt_class=attempt_class,
            audio=audio,
            completed_at=completed_at,
            created_at=created_at,
            detailed_feedback=detailed_feedback,
            emotion_score=emotion_score,
            engine=engine,
            error=error,
            intonation_score=intonation_score,
            job_id=job_id,
            message=message,
            overall_score=overall_score,
            progress=progress,
            pronunciation_score=pronunciation_score,
            stage=stage,
            status=status,
            token_id=token_id,
            user_audio_url=user_audio_url,
            recorded_words=recorded_words,
            reference=reference,
        )

        analysis_result_response.additional_properties = d
        return analysis_result_response

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
