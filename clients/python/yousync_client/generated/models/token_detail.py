from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.actor_response import ActorResponse
    from ..models.line_reading import LineReading
    from ..models.my_scores import MyScores
    from ..models.pitch_contour import PitchContour
    from ..models.script_reference import ScriptReference
    from ..models.token_detail_script_titles import TokenDetailScriptTitles
    from ..models.token_detail_translations import TokenDetailTranslations


T = TypeVar("T", bound="TokenDetail")


@_attrs_define
class TokenDetail:
    """One line with its script, reading, reference audio and pitch.

    Attributes:
        actor (ActorResponse): The speaker of a line in the original.
        audio_url (None | str): URL of the reference audio: a signed URL of the store, or one of a CDN
        end_time (float):
        good_to_start (bool): Easy, short and clear: fit for somebody's first recording
        has_audio (bool):
        id (int):
        level (int | None): 1 (easiest) to 5, from the speaking rate, the frequency of the words, the length and the
            sounds; null in languages without a vocabulary. Not a level of the CEFR
        mine (MyScores | None): Null unless signed in
        position (int):
        reading (LineReading | None):
        reference_pitch (None | PitchContour):
        script (ScriptReference): The script of a line.
        script_id (int):
        script_language (str):
        script_title (str):
        script_titles (TokenDetailScriptTitles): By language tag
        spoken_form (None | str):
        start_time (float):
        text (str):
        translation (None | str):
        translations (TokenDetailTranslations): By language tag
    """

    actor: ActorResponse
    audio_url: None | str
    end_time: float
    good_to_start: bool
    has_audio: bool
    id: int
    level: int | None
    mine: MyScores | None
    position: int
    reading: LineReading | None
    reference_pitch: None | PitchContour
    script: ScriptReference
    script_id: int
    script_language: str
    script_title: str
    script_titles: TokenDetailScriptTitles
    spoken_form: None | str
    start_time: float
    text: str
    translation: None | str
    translations: TokenDetailTranslations
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.line_reading import LineReading  # noqa: PLC0415
        from ..models.my_scores import MyScores  # noqa: PLC0415
        from ..models.pitch_contour import PitchContour  # noqa: PLC0415

        actor = self.actor.to_dict()

        audio_url: None | str
        audio_url = self.audio_url

        end_time = self.end_time

        good_to_start = self.good_to_start

        has_audio = self.has_audio

        id = self.id

        level: int | None
        level = self.level

        mine: dict[str, Any] | None
        if isinstance(self.mine, MyScores):
            mine = self.mine.to_dict()
        else:
            mine = self.mine

        position = self.position

        reading: dict[str, Any] | None
        if isinstance(self.reading, LineReading):
            reading = self.reading.to_dict()
        else:
            reading = self.reading

        reference_pitch: dict[str, Any] | None
        if isinstance(self.reference_pitch, PitchContour):
            reference_pitch = self.reference_pitch.to_dict()
        else:
            reference_pitch = self.reference_pitch

        script = self.script.to_dict()

        script_id = self.script_id

        script_language = self.script_language

        script_title = self.script_title

        script_titles = self.script_titles.to_dict()

        spoken_form: None | str
        spoken_form = self.spoken_form

        start_time = self.start_time

        text = self.text

        translation: None | str
        translation = self.translation

        translations = self.translations.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "actor": actor,
                "audio_url": audio_url,
                "end_time": end_time,
                "good_to_start": good_to_start,
                "has_audio": has_audio,
                "id": id,
                "level": level,
                "mine": mine,
                "position": position,
                "reading": reading,
                "reference_pitch": reference_pitch,
                "script": script,
                "script_id": script_id,
                "script_language": script_language,
                "script_title": script_title,
                "script_titles": script_titles,
                "spoken_form": spoken_form,
                "start_time": start_time,
                "text": text,
                "translation": translation,
                "translations": translations,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.actor_response import ActorResponse  # noqa: PLC0415
        from ..models.line_reading import LineReading  # noqa: PLC0415
        from ..models.my_scores import MyScores  # noqa: PLC0415
        from ..models.pitch_contour import PitchContour  # noqa: PLC0415
        from ..models.script_reference import ScriptReference  # noqa: PLC0415
        from ..models.token_detail_script_titles import TokenDetailScriptTitles  # noqa: PLC0415
        from ..models.token_detail_translations import TokenDetailTranslations  # noqa: PLC0415

        d = dict(src_dict)
        actor = ActorResponse.from_dict(d.pop("actor"))

        def _parse_audio_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        audio_url = _parse_audio_url(d.pop("audio_url"))

        end_time = d.pop("end_time")

        good_to_start = d.pop("good_to_start")

        has_audio = d.pop("has_audio")

        id = d.pop("id")

        def _parse_level(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        level = _parse_level(d.pop("level"))

        def _parse_mine(data: object) -> MyScores | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                mine_type_0 = MyScores.from_dict(data)

                return mine_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MyScores | None, data)

        mine = _parse_mine(d.pop("mine"))

        position = d.pop("position")

        def _parse_reading(data: object) -> LineReading | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                reading_type_0 = LineReading.from_dict(data)

                return reading_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LineReading | None, data)

        reading = _parse_reading(d.pop("reading"))

        def _parse_reference_pitch(data: object) -> None | PitchContour:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                reference_pitch_type_0 = PitchContour.from_dict(data)

                return reference_pitch_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PitchContour, data)

        reference_pitch = _parse_reference_pitch(d.pop("reference_pitch"))

        script = ScriptReference.from_dict(d.pop("script"))

        script_id = d.pop("script_id")

        script_language = d.pop("script_language")

        script_title = d.pop("script_title")

        script_titles = TokenDetailScriptTitles.from_dict(d.pop("script_titles"))

        def _parse_spoken_form(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        spoken_form = _parse_spoken_form(d.pop("spoken_form"))

        start_time = d.pop("start_time")

        text = d.pop("text")

        def _parse_translation(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        translation = _parse_translation(d.pop("translation"))

        translations = TokenDetailTranslations.from_dict(d.pop("translations"))

        token_detail = cls(
            actor=actor,
            audio_url=audio_url,
            end_time=end_time,
            good_to_start=good_to_start,
            has_audio=has_audio,
            id=id,
            level=level,
            mine=mine,
            position=position,
            reading=reading,
            reference_pitch=reference_pitch,
            script=script,
            script_id=script_id,
            script_language=script_language,
            script_title=script_title,
            script_titles=script_titles,
            spoken_form=spoken_form,
            start_time=start_time,
            text=text,
            translation=translation,
            translations=translations,
        )

        token_detail.additional_properties = d
        return token_detail

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
