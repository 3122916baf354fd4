"""Every text a person meets, in Korean and English, by stable code."""

from typing import Literal

Language = Literal["ko", "en"]

ERRORS: dict[str, dict[Language, str]] = {
    "malformed_request": {
        "ko": "요청 형식이 올바르지 않습니다. errors에 나온 항목을 고쳐서 다시 보내 주세요.",
        "en": "The request could not be understood. Correct the fields listed in errors and send it again.",
    },
    "invalid_cursor": {
        "ko": "cursor 값이 올바르지 않습니다. 첫 페이지부터 다시 불러와 주세요.",
        "en": "This cursor is not valid. Start again from the first page.",
    },
    "not_authenticated": {
        "ko": "로그인이 필요합니다. 로그인한 뒤 다시 시도해 주세요.",
        "en": "You need to be signed in. Sign in and try again.",
    },
    "invalid_access_token": {
        "ko": "로그인이 만료되었거나 올바르지 않습니다. 다시 로그인해 주세요.",
        "en": "Your sign-in has expired or is not valid. Sign in again.",
    },
    "invalid_refresh_token": {
        "ko": "로그인 상태를 유지할 수 없습니다. 다시 로그인해 주세요.",
        "en": "Your session cannot be continued. Sign in again.",
    },
    "refresh_token_spent": {
        "ko": "방금 다른 탭에서 로그인이 갱신되었습니다. 새 토큰으로 다시 시도해 주세요.",
        "en": "Another tab has just refreshed this session. Try again with the new token.",
    },
    "invalid_google_token": {
        "ko": "Google 로그인 정보를 확인할 수 없습니다. 다시 로그인해 주세요.",
        "en": "Your Google sign-in could not be verified. Sign in again.",
    },
    "google_not_configured": {
        "ko": "이 서버에는 Google 로그인이 설정되어 있지 않습니다. 운영자가 GOOGLE_CLIENT_ID를 설정해야 합니다.",
        "en": "Google sign-in is not set up on this server. Its operator has to set GOOGLE_CLIENT_ID.",
    },
    "google_unavailable": {
        "ko": "지금 Google에 연결할 수 없습니다. 잠시 뒤 다시 로그인해 주세요.",
        "en": "Google cannot be reached at the moment. Try to sign in again shortly.",
    },
    "invalid_stream_ticket": {
        "ko": "진행 상황을 볼 수 있는 주소가 만료되었거나 올바르지 않습니다. 로그인한 상태에서 다시 연결해 주세요.",
        "en": "This progress address has expired or is not valid. Connect again while signed in.",
    },
    "origin_not_allowed": {
        "ko": "이 웹페이지에서는 로그인 쿠키를 사용할 수 없습니다. 허용된 주소는 운영자가 CORS_ORIGINS에 적습니다.",
        "en": "This web page may not use the session cookie. Its operator lists those that may in CORS_ORIGINS.",
    },
    "admin_only": {
        "ko": "관리자만 할 수 있는 작업입니다.",
        "en": "Only an administrator may do this.",
    },
    "not_found": {"ko": "존재하지 않는 주소입니다.", "en": "There is nothing at this address."},
    "method_not_allowed": {
        "ko": "이 주소에서는 사용할 수 없는 메서드입니다.",
        "en": "This method cannot be used at this address.",
    },
    "script_not_found": {"ko": "대본을 찾을 수 없습니다.", "en": "This script does not exist."},
    "token_not_found": {"ko": "대사를 찾을 수 없습니다.", "en": "This line does not exist."},
    "actor_not_found": {"ko": "배우를 찾을 수 없습니다.", "en": "This actor does not exist."},
    "job_not_found": {
        "ko": "분석 작업을 찾을 수 없습니다.",
        "en": "This analysis does not exist.",
    },
    "upload_not_found": {
        "ko": "이 업로드를 찾을 수 없거나 시간이 지났습니다. 업로드를 새로 시작해 주세요.",
        "en": "This upload does not exist, or its time is over. Begin a new one.",
    },
    "bookmark_not_found": {
        "ko": "북마크에 없는 대사입니다.",
        "en": "You have not bookmarked this line.",
    },
    "reference_audio_missing": {
        "ko": "이 대사에는 아직 원본 음성이 없습니다.",
        "en": "This line has no reference audio yet.",
    },
    "actor_exists": {
        "ko": "같은 이름의 배우가 이미 있습니다.",
        "en": "An actor of this name exists already.",
    },
    "slug_taken": {
        "ko": "같은 slug의 대본이 이미 있습니다.",
        "en": "A script with this slug exists already.",
    },
    "position_taken": {
        "ko": "이 대본의 해당 순서에는 이미 다른 대사가 있습니다.",
        "en": "The script already has a line at this position.",
    },
    "catalogue_item_in_use": {
        "ko": "연결된 대사나 학습자의 결과가 있어 삭제할 수 없습니다.",
        "en": "This cannot be deleted: lines or learners' results depend on it.",
    },
    "idempotency_key_reused": {
        "ko": "이 Idempotency-Key는 이미 다른 대사의 녹음에 사용되었습니다. 새 키로 다시 보내 주세요.",
        "en": "This Idempotency-Key was used for a recording of another line. Send a new key.",
    },
    "request_too_large": {
        "ko": "요청 크기가 너무 큽니다.",
        "en": "The request is too large.",
    },
    "audio_too_large": {
        "ko": "녹음 파일이 너무 큽니다. 50 MiB 이하로 보내 주세요.",
        "en": "The recording is too large. Send at most 50 MiB.",
    },
    "audio_type_unsupported": {
        "ko": "지원하지 않는 오디오 형식입니다. WAV, MP3, M4A/AAC, WebM, Ogg, FLAC 중 하나로 보내 주세요.",
        "en": "This is not audio that we take. Send WAV, MP3, M4A/AAC, WebM, Ogg or FLAC.",
    },
    "audio_missing": {
        "ko": "녹음 파일이 없습니다. audio_file 필드에 넣어 보내 주세요.",
        "en": "Send the recording in the multipart field audio_file.",
    },
    "audio_empty": {
        "ko": "녹음 파일이 비어 있습니다. 다시 녹음해 주세요.",
        "en": "The recording is empty. Record it again.",
    },
    "audio_too_long": {
        "ko": "녹음이 너무 깁니다. 2분 이하로 녹음해 주세요.",
        "en": "The recording is too long. Record at most two minutes.",
    },
    "audio_undecodable": {
        "ko": "녹음 파일을 열 수 없습니다. 파일이 손상되었을 수 있으니 다시 녹음해 주세요.",
        "en": "The recording cannot be opened. It may be damaged: record it again.",
    },
    "spool_unavailable": {
        "ko": "지금은 서버에 녹음을 저장할 수 없습니다. 잠시 뒤 다시 보내 주세요.",
        "en": "The server cannot store recordings at the moment. Send it again shortly.",
    },
    "too_many_requests": {
        "ko": "짧은 시간에 요청이 너무 많았습니다. 잠시 기다렸다가 다시 시도해 주세요.",
        "en": "Too many requests in a short time. Wait a moment and try again.",
    },
    "too_many_sign_ins": {
        "ko": "같은 곳에서 로그인을 너무 여러 번 시도했습니다. 잠시 기다렸다가 다시 로그인해 주세요.",
        "en": "Too many sign-ins from your network in a short time. Wait a moment and sign in again.",
    },
    "too_many_uploads": {
        "ko": "짧은 시간에 녹음을 너무 많이 보냈습니다. 잠시 쉬었다가 다시 보내 주세요.",
        "en": "You have sent too many recordings in a short time. Take a short rest and send it again.",
    },
    "too_many_jobs": {
        "ko": "아직 분석 중인 녹음이 너무 많습니다. 먼저 보낸 녹음의 분석이 끝나면 다시 보내 주세요.",
        "en": "Too many of your recordings are still being analysed. Send this one when some of them have finished.",
    },
    "too_many_streams": {
        "ko": "진행 상황 화면이 너무 많이 열려 있습니다. 쓰지 않는 탭을 닫고 다시 시도해 주세요.",
        "en": "Too many progress pages are open. Close tabs that you do not need and try again.",
    },
    "too_many_exports": {
        "ko": "내 데이터 내려받기를 너무 자주 요청했습니다. 나중에 다시 시도해 주세요.",
        "en": "You have asked for your data too often. Try again later.",
    },
    "recording_in_use": {
        "ko": "아직 분석 중인 녹음입니다. 분석이 끝난 뒤에 지워 주세요.",
        "en": "This recording is still being analysed. Delete it when the analysis has finished.",
    },
    "upload_missing": {
        "ko": "저장소에 아직 녹음이 없습니다. 받은 url로 먼저 녹음을 보낸 뒤 다시 완료해 주세요.",
        "en": "The store does not have the recording yet. Send it to the url that you were given, then complete again.",
    },
    "direct_uploads_off": {
        "ko": "이 서버에서는 저장소로 바로 보낼 수 없습니다. 녹음을 upload-audio로 보내 주세요.",
        "en": "This server does not let recordings go straight to the store. Send them to upload-audio.",
    },
    "storage_quota_exceeded": {
        "ko": "녹음 저장 공간이 가득 찼습니다. 내 녹음에서 필요 없는 녹음을 지운 뒤 다시 보내 주세요. 점수는 그대로 남습니다.",
        "en": "Your space for recordings is full. Delete recordings that you no longer need, then send this one again; scores stay.",
    },
    "spool_full": {
        "ko": "서버의 저장 공간이 부족해 지금은 녹음을 받을 수 없습니다. 잠시 뒤 다시 보내 주세요.",
        "en": "The server has no room for recordings at the moment. Send it again shortly.",
    },
    "invalid_webhook_signature": {
        "ko": "웹훅 서명이 없거나, 올바르지 않거나, 너무 오래되었습니다.",
        "en": "The webhook signature is missing, wrong or too old.",
    },
    "database_unavailable": {
        "ko": "지금은 데이터베이스에 연결할 수 없습니다. 잠시 뒤 다시 시도해 주세요.",
        "en": "The database cannot be reached at the moment. Try again shortly.",
    },
    "storage_unavailable": {
        "ko": "지금은 저장소에 연결할 수 없습니다. 잠시 뒤 다시 시도해 주세요.",
        "en": "The object store cannot be reached at the moment. Try again shortly.",
    },
    "not_ready": {
        "ko": "서비스의 일부가 응답하지 않습니다. checks에서 down으로 표시된 항목을 확인해 주세요.",
        "en": "A part of the service does not answer: see which one is down in checks.",
    },
    "internal_error": {
        "ko": "서버에 문제가 생겼습니다. 다시 시도해 보고, 문제가 계속되면 request_id와 함께 알려 주세요.",
        "en": "Something went wrong on our side. Try again; if it persists, report the request_id.",
    },
    # why a job ended as failed
    "storage_failed": {
        "ko": "녹음을 저장소에 올리지 못했습니다. 다시 녹음해 주세요.",
        "en": "The recording could not be stored. Record it again.",
    },
    "recording_lost": {
        "ko": "녹음 파일을 찾을 수 없습니다. 다시 녹음해 주세요.",
        "en": "The recording can no longer be found. Record it again.",
    },
    "analysis_unavailable": {
        "ko": "분석 서버가 오랫동안 응답하지 않았습니다. 나중에 다시 녹음해 주세요.",
        "en": "The analysis server did not answer for a long time. Record it again later.",
    },
    "analysis_rejected": {
        "ko": "분석 서버가 요청을 거부했습니다. 다시 녹음해 주세요.",
        "en": "The analysis server refused this request. Record it again.",
    },
    "analysis_failed": {
        "ko": "분석하지 못했습니다. 다시 녹음해 주세요.",
        "en": "The analysis failed. Record it again.",
    },
    "analysis_timeout": {
        "ko": "분석이 제시간에 끝나지 않았습니다. 다시 녹음해 주세요.",
        "en": "The analysis did not end in time. Record it again.",
    },
    "analysis_crashed": {
        "ko": "분석이 중단되었습니다. 다시 녹음해 주세요.",
        "en": "The analysis broke off. Record it again.",
    },
    "analysis_shutdown": {
        "ko": "분석 서버가 다시 시작되어 분석을 끝내지 못했습니다. 다시 녹음해 주세요.",
        "en": "The analysis server stopped before the analysis ended. Record it again.",
    },
    "invalid_request": {
        "ko": "분석 서버가 이 대사의 언어나 내용을 다룰 수 없습니다. 다른 대사를 골라 주세요.",
        "en": "The analysis server cannot handle the language or text of this line. Choose another line.",
    },
    "text_unreadable": {
        "ko": "이 대사는 지금 분석할 수 없습니다. 다른 대사를 골라 주세요.",
        "en": "This line cannot be analysed at present. Choose another line.",
    },
    "audio_fetch_failed": {
        "ko": "분석 서버가 녹음을 내려받지 못했습니다. 다시 녹음해 주세요.",
        "en": "The analysis server could not fetch the recording. Record it again.",
    },
}

STAGES: dict[str, dict[Language, str]] = {
    "accepted": {"ko": "녹음을 받았어요", "en": "Recording received"},
    "stored": {"ko": "녹음을 저장했어요", "en": "Recording stored"},
    "dispatched": {"ko": "분석을 기다리고 있어요", "en": "Waiting for the analysis"},
    "queued": {"ko": "분석을 기다리고 있어요", "en": "Waiting for the analysis"},
    "decoding": {"ko": "녹음을 불러오고 있어요", "en": "Opening the recording"},
    "checking": {"ko": "녹음 상태를 확인하고 있어요", "en": "Checking the recording"},
    "analyzing": {"ko": "녹음을 분석하고 있어요", "en": "Analysing"},
    "pronunciation": {"ko": "발음을 듣고 있어요", "en": "Listening to your pronunciation"},
    "alignment": {"ko": "단어 위치를 찾고 있어요", "en": "Finding the words"},
    "prosody": {"ko": "억양과 감정 표현을 비교하고 있어요", "en": "Comparing intonation and emotion"},
    "scoring": {"ko": "점수를 계산하고 있어요", "en": "Working out the scores"},
    "completed": {"ko": "분석이 끝났어요", "en": "Analysis finished"},
    "failed": {"ko": "분석하지 못했어요", "en": "Analysis failed"},
}


def error_text(code: str, language: Language) -> str:
    """The text of an error code; codes of other analysis servers fall back to analysis_failed."""
    return ERRORS.get(code, ERRORS["analysis_failed"])[language]


def stage_text(stage: str, message: str | None, language: Language) -> str | None:
    """The text of a known stage, else the message that came with it."""
    texts = STAGES.get(stage)
    return texts[language] if texts else message


def preferred_language(accept_language: str | None) -> Language:
    """`ko` or `en`, by the weights of an Accept-Language header (RFC 9110 §12.5.4); `ko` when neither is asked for."""
    best: tuple[float, Language] = (0.0, "ko")
    for part in (accept_language or "").split(","):
        tag, _, parameters = part.partition(";")
        try:
            weight = float(parameters.strip().removeprefix("q=")) if parameters.strip() else 1.0
        except ValueError:
            continue
        match tag.strip().lower().split("-")[0]:
            case "ko" if weight > best[0]:
                best = (weight, "ko")
            case "en" if weight > best[0]:
                best = (weight, "en")
    return best[1]
