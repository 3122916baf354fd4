from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.average_scores import AverageScores
    from ..models.bookmark_response import BookmarkResponse
    from ..models.dubbed_token import DubbedToken
    from ..models.streak import Streak
    from ..models.totals import Totals
    from ..models.trend_point import TrendPoint
    from ..models.user_response import UserResponse


T = TypeVar("T", bound="Overview")


@_attrs_define
class Overview:
    """Everything that my page shows first.

    Attributes:
        averages (AverageScores): Mean scores over all scored attempts; null if there are none.
        recent_bookmarks (list[BookmarkResponse]):
        recent_dubs (list[DubbedToken]):
        streak (Streak): Consecutive days with a recording, in the requested time zone.
        totals (Totals): Counts over all recordings of the user.
        trend (list[TrendPoint]):
        user (UserResponse): The account of the signed-in user.
    """

    averages: AverageScores
    recent_bookmarks: list[BookmarkResponse]
    recent_dubs: list[DubbedToken]
    streak: Streak
    totals: Totals
    trend: list[TrendPoint]
    user: UserResponse
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        averages = self.averages.to_dict()

        recent_bookmarks = []
        for recent_bookmarks_item_data in self.recent_bookmarks:
            recent_bookmarks_item = recent_bookmarks_item_data.to_dict()
            recent_bookmarks.append(recent_bookmarks_item)

        recent_dubs = []
        for recent_dubs_item_data in self.recent_dubs:
            recent_dubs_item = recent_dubs_item_data.to_dict()
            recent_dubs.append(recent_dubs_item)

        streak = self.streak.to_dict()

        totals = self.totals.to_dict()

        trend = []
        for trend_item_data in self.trend:
            trend_item = trend_item_data.to_dict()
            trend.append(trend_item)

        user = self.user.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "averages": averages,
                "recent_bookmarks": recent_bookmarks,
                "recent_dubs": recent_dubs,
                "streak": streak,
                "totals": totals,
                "trend": trend,
                "user": user,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.average_scores import AverageScores  # noqa: PLC0415
        from ..models.bookmark_response import BookmarkResponse  # noqa: PLC0415
        from ..models.dubbed_token import DubbedToken  # noqa: PLC0415
        from ..models.streak import Streak  # noqa: PLC0415
        from ..models.totals import Totals  # noqa: PLC0415
        from ..models.trend_point import TrendPoint  # noqa: PLC0415
        from ..models.user_response import UserResponse  # noqa: PLC0415

        d = dict(src_dict)
        averages = AverageScores.from_dict(d.pop("averages"))

        recent_bookmarks = []
        _recent_bookmarks = d.pop("recent_bookmarks")
        for recent_bookmarks_item_data in _recent_bookmarks:
            recent_bookmarks_item = BookmarkResponse.from_dict(recent_bookmarks_item_data)

            recent_bookmarks.append(recent_bookmarks_item)

        recent_dubs = []
        _recent_dubs = d.pop("recent_dubs")
        for recent_dubs_item_data in _recent_dubs:
            recent_dubs_item = DubbedToken.from_dict(recent_dubs_item_data)

            recent_dubs.append(recent_dubs_item)

        streak = Streak.from_dict(d.pop("streak"))

        totals = Totals.from_dict(d.pop("totals"))

        trend = []
        _trend = d.pop("trend")
        for trend_item_data in _trend:
            trend_item = TrendPoint.from_dict(trend_item_data)

            trend.append(trend_item)

        user = UserResponse.from_dict(d.pop("user"))

        overview = cls(
            averages=averages,
            recent_bookmarks=recent_bookmarks,
            recent_dubs=recent_dubs,
            streak=streak,
            totals=totals,
            trend=trend,
            user=user,
        )

        overview.additional_properties = d
        return overview

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
