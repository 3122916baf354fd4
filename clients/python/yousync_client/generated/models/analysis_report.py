from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.analysis_report_type import AnalysisReportType, check_analysis_report_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.reported_error import ReportedError
    from ..models.reported_result import ReportedResult


T = TypeVar("T", bound="AnalysisReport")


@_attrs_define
class AnalysisReport:
    """A webhook of the analysis server. Without `type`, a body with a result counts as completed.

    Attributes:
        job_id (UUID):
        error (None | ReportedError | Unset):
        message (None | str | Unset):
        progress (int | None | Unset):
        result (None | ReportedResult | Unset):
        stage (None | str | Unset):
        type_ (AnalysisReportType | Unset):  Default: 'analysis.completed'.
    """

    job_id: UUID
    error: None | ReportedError | Unset = UNSET
    message: None | str | Unset = UNSET
    progress: int | None | Unset = UNSET
    result: None | ReportedResult | Unset = UNSET
    stage: None | str | Unset = UNSET
    type_: AnalysisReportType | Unset = "analysis.completed"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.reported_error import ReportedError  # noqa: PLC0415
        from ..models.reported_result import ReportedResult  # noqa: PLC0415

        job_id = str(self.job_id)

        error: dict[str, Any] | None | Unset
        if isinstance(self.error, Unset):
            error = UNSET
        elif isinstance(self.error, ReportedError):
            error = self.error.to_dict()
        else:
            error = self.error

        message: None | str | Unset
        if isinstance(self.message, Unset):
            message = UNSET
        else:
            message = self.message

        progress: int | None | Unset
        if isinstance(self.progress, Unset):
            progress = UNSET
        else:
            progress = self.progress

        result: dict[str, Any] | None | Unset
        if isinstance(self.result, Unset):
            result = UNSET
        elif isinstance(self.result, ReportedResult):
            result = self.result.to_dict()
        else:
            result = self.result

        stage: None | str | Unset
        if isinstance(self.stage, Unset):
            stage = UNSET
        else:
            stage = self.stage

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "job_id": job_id,
            }
        )
        if error is not UNSET:
            field_dict["error"] = error
        if message is not UNSET:
            field_dict["message"] = message
        if progress is not UNSET:
            field_dict["progress"] = progress
        if result is not UNSET:
            field_dict["result"] = result
        if stage is not UNSET:
            field_dict["stage"] = stage
        if type_ is not UNSET:
            field_dict["type"] = type_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.reported_error import ReportedError  # noqa: PLC0415
        from ..models.reported_result import ReportedResult  # noqa: PLC0415

        d = dict(src_dict)
        job_id = UUID(d.pop("job_id"))

        def _parse_error(data: object) -> None | ReportedError | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = ReportedError.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReportedError | Unset, data)

        error = _parse_error(d.pop("error", UNSET))

        def _parse_message(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        message = _parse_message(d.pop("message", UNSET))

        def _parse_progress(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        progress = _parse_progress(d.pop("progress", UNSET))

        def _parse_result(data: object) -> None | ReportedResult | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                result_type_0 = ReportedResult.from_dict(data)

                return result_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReportedResult | Unset, data)

        result = _parse_result(d.pop("result", UNSET))

        def _parse_stage(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        stage = _parse_stage(d.pop("stage", UNSET))

        _type_ = d.pop("type", UNSET)
        type_: AnalysisReportType | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = check_analysis_report_type(_type_)

        analysis_report = cls(
            job_id=job_id,
            error=error,
            message=message,
            progress=progress,
            result=result,
            stage=stage,
            type_=type_,
        )

        analysis_report.additional_properties = d
        return analysis_report

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
