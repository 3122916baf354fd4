"""The errors that services raise: one tree, a stable code each, no web framework.

AppError
├── MalformedRequest, InvalidCursor, Audio…                      422
├── NotAuthenticated, InvalidAccessToken (and its kinds)         401
├── AdminOnly, OriginNotAllowed                                  403
├── …NotFound, ReferenceAudioMissing                             404
├── RequestTooSlow                                               408
├── …Exists, …Taken, …InUse, UploadMissing, StorageQuotaExceeded 409
├── ChangedElsewhere                             412
├── LimitReached (TooMany…)                                      429, says when to try again
└── Unavailable (…Unavailable, SpoolFull, NotReady)              503 or 507, says when to try again

`routers/shared/problems.py` answers them over HTTP; `core/i18n.py` holds their texts.
"""

import math
from typing import ClassVar

RETRY_AFTER_S = 5


class AppError(Exception):
    """Base of the errors that services raise when a request cannot be fulfilled; `code` is stable."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    headers: ClassVar[dict[str, str]] = {}


class MalformedRequest(AppError):
    status, code = 422, "malformed_request"


class InvalidCursor(AppError):
    status, code = 422, "invalid_cursor"


class NothingToPronounce(AppError):
    status, code = 422, "nothing_to_pronounce"


class NotAuthenticated(AppError):
    status, code, headers = 401, "not_authenticated", {"WWW-Authenticate": "Bearer"}


class InvalidAccessToken(AppError):
    status, code = 401, "invalid_access_token"
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class InvalidRefreshToken(InvalidAccessToken):
    code = "invalid_refresh_token"


class RefreshTokenSpent(InvalidAccessToken):
    code = "refresh_token_spent"


class InvalidGoogleToken(InvalidAccessToken):
    code = "invalid_google_token"


class InvalidStreamTicket(InvalidAccessToken):
    code = "invalid_stream_ticket"


class InvalidWebhookSignature(AppError):
    status, code = 401, "invalid_webhook_signature"
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": "Webhook-Signature"}


class AdminOnly(AppError):
    status, code = 403, "admin_only"


class AccountRequired(AppError):
    """A visitor without an account asked for what only accounts have."""

    status, code = 403, "account_required"


class GuestLimitReached(AppError):
    """A visitor has recorded as much as is possible without signing in."""

    status, code = 403, "guest_limit_reached"


class OriginNotAllowed(AppError):
    status, code = 403, "origin_not_allowed"


class ScriptNotFound(AppError):
    status, code = 404, "script_not_found"


class TokenNotFound(AppError):
    status, code = 404, "token_not_found"


class ActorNotFound(AppError):
    status, code = 404, "actor_not_found"


class JobNotFound(AppError):
    status, code = 404, "job_not_found"


class UploadNotFound(AppError):
    status, code = 404, "upload_not_found"


class BookmarkNotFound(AppError):
    status, code = 404, "bookmark_not_found"


class SceneRequestNotFound(AppError):
    status, code = 404, "scene_request_not_found"


class SceneMediaMissing(AppError):
    status, code = 404, "scene_media_missing"


class ReferenceAudioMissing(AppError):
    status, code = 404, "reference_audio_missing"


class ActorExists(AppError):
    status, code = 409, "actor_exists"


class SlugTaken(AppError):
    status, code = 409, "slug_taken"


class PositionTaken(AppError):
    status, code = 409, "position_taken"


class CatalogueItemInUse(AppError):
    status, code = 409, "catalogue_item_in_use"


class LicenceExpired(AppError):
    status, code = 409, "licence_expired"


class SceneRequestExists(AppError):
    status, code = 409, "scene_request_exists"


class SceneRequestClosed(AppError):
    status, code = 409, "scene_request_closed"


class ChangedElsewhere(AppError):
    status, code = 412, "changed_elsewhere"


class IdempotencyKeyReused(AppError):
    status, code = 409, "idempotency_key_reused"


class RecordingInUse(AppError):
    status, code = 409, "recording_in_use"


class UploadMissing(AppError):
    status, code = 409, "upload_missing"


class DirectUploadsOff(AppError):
    status, code = 409, "direct_uploads_off"


class GuestsOff(AppError):
    status, code = 409, "guests_off"


class StorageQuotaExceeded(AppError):
    status, code = 409, "storage_quota_exceeded"


class AudioTooLarge(AppError):
    status, code = 413, "audio_too_large"


class ContentEncodingUnsupported(AppError):
    """A compressed body; the response says what is accepted instead (RFC 9110, section 12.5.3)."""

    status, code = 415, "content_encoding_unsupported"
    headers: ClassVar[dict[str, str]] = {"Accept-Encoding": "identity"}


class AudioTypeUnsupported(AppError):
    status, code = 415, "audio_type_unsupported"


class AudioMissing(AppError):
    status, code = 422, "audio_missing"


class AudioEmpty(AppError):
    status, code = 422, "audio_empty"


class AudioTooLong(AppError):
    status, code = 422, "audio_too_long"


class AudioUndecodable(AppError):
    status, code = 422, "audio_undecodable"


class LimitReached(AppError):
    """A limit is reached for now; `wait_s` says after how many seconds to try again."""

    status = 429
    headers: ClassVar[dict[str, str]] = {"Retry-After": str(RETRY_AFTER_S)}

    def __init__(self, wait_s: float = RETRY_AFTER_S) -> None:
        super().__init__()
        self.wait_s = max(1, math.ceil(wait_s))


class TooManyRequests(LimitReached):
    code = "too_many_requests"


class TooManySignIns(LimitReached):
    code = "too_many_sign_ins"


class TooManyUploads(LimitReached):
    code = "too_many_uploads"


class TooManyJobs(LimitReached):
    code = "too_many_jobs"


class TooManyStreams(LimitReached):
    code = "too_many_streams"


class TooManyGuests(LimitReached):
    code = "too_many_guests"


class TooManyExports(LimitReached):
    code = "too_many_exports"


class TooManySceneRequests(LimitReached):
    code = "too_many_scene_requests"


class TooManyOpenUploads(LimitReached):
    code = "too_many_open_uploads"


class RequestTooSlow(AppError):
    status, code = 408, "request_too_slow"
    headers: ClassVar[dict[str, str]] = {"Connection": "close"}


class Unavailable(AppError):
    status = 503
    headers: ClassVar[dict[str, str]] = {"Retry-After": str(RETRY_AFTER_S)}


class DatabaseUnavailable(Unavailable):
    code = "database_unavailable"


class StorageUnavailable(Unavailable):
    code = "storage_unavailable"


class SpoolUnavailable(Unavailable):
    code = "spool_unavailable"


class SpoolFull(Unavailable):
    status, code = 507, "spool_full"


class GoogleUnavailable(Unavailable):
    code = "google_unavailable"


class GoogleNotConfigured(InvalidAccessToken):
    code = "google_not_configured"


class NotReady(Unavailable):
    code = "not_ready"
