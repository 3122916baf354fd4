"""Contains all the data models used in inputs/outputs"""

from .actor_response import ActorResponse
from .actor_response_translations import ActorResponseTranslations
from .actor_summary import ActorSummary
from .actor_summary_translations import ActorSummaryTranslations
from .actor_write import ActorWrite
from .actor_write_translations import ActorWriteTranslations
from .analysis_report import AnalysisReport
from .analysis_report_type import AnalysisReportType
from .analysis_result_response import AnalysisResultResponse
from .analysis_result_response_attempt_class_type_0 import (
    AnalysisResultResponseAttemptClassType0,
)
from .analysis_result_response_audio_type_0 import AnalysisResultResponseAudioType0
from .analysis_result_response_detailed_feedback_type_0 import (
    AnalysisResultResponseDetailedFeedbackType0,
)
from .analysis_result_response_engine_type_0 import AnalysisResultResponseEngineType0
from .analysis_result_response_status import AnalysisResultResponseStatus
from .attempt import Attempt
from .attempt_attempt_class_type_0 import AttemptAttemptClassType0
from .attempt_status import AttemptStatus
from .audio_form import AudioForm
from .average_scores import AverageScores
from .bookmark_response import BookmarkResponse
from .bookmark_write import BookmarkWrite
from .category import Category
from .create_script_state import CreateScriptState
from .development_sign_in import DevelopmentSignIn
from .draft_line import DraftLine
from .draft_line_script_titles import DraftLineScriptTitles
from .draft_line_translations import DraftLineTranslations
from .dubbed_token import DubbedToken
from .field_error import FieldError
from .google_sign_in import GoogleSignIn
from .health import Health
from .health_checks import HealthChecks
from .health_status import HealthStatus
from .import_note import ImportNote
from .job_error import JobError
from .line_audio import LineAudio
from .line_progress import LineProgress
from .line_reading import LineReading
from .list_managed_scene_requests_status import ListManagedSceneRequestsStatus
from .list_managed_scripts_state import ListManagedScriptsState
from .list_scene_requests_status import ListSceneRequestsStatus
from .list_scripts_length import ListScriptsLength
from .list_scripts_sort import ListScriptsSort
from .list_tokens_length import ListTokensLength
from .list_tokens_sort import ListTokensSort
from .managed_script import ManagedScript
from .managed_script_state import ManagedScriptState
from .managed_script_translations import ManagedScriptTranslations
from .my_scores import MyScores
from .overview import Overview
from .page_actor_summary import PageActorSummary
from .page_attempt import PageAttempt
from .page_bookmark_response import PageBookmarkResponse
from .page_dubbed_token import PageDubbedToken
from .page_managed_script import PageManagedScript
from .page_recording_response import PageRecordingResponse
from .page_scene_request_response import PageSceneRequestResponse
from .page_script_summary import PageScriptSummary
from .page_token_summary import PageTokenSummary
from .pitch_contour import PitchContour
from .problem import Problem
from .progress_event import ProgressEvent
from .progress_event_result_type_0 import ProgressEventResultType0
from .progress_event_status import ProgressEventStatus
from .read_word import ReadWord
from .recorded_words import RecordedWords
from .recording_response import RecordingResponse
from .reference_used import ReferenceUsed
from .refresh_request import RefreshRequest
from .reported_error import ReportedError
from .reported_result import ReportedResult
from .reported_result_attempt_class import ReportedResultAttemptClass
from .reported_result_audio_type_0 import ReportedResultAudioType0
from .reported_result_detailed_feedback_type_0 import (
    ReportedResultDetailedFeedbackType0,
)
from .reported_result_engine_type_0 import ReportedResultEngineType0
from .scene_import_form import SceneImportForm
from .scene_progress import SceneProgress
from .scene_request_patch import SceneRequestPatch
from .scene_request_patch_status import SceneRequestPatchStatus
from .scene_request_response import SceneRequestResponse
from .scene_request_response_status import SceneRequestResponseStatus
from .scene_request_write import SceneRequestWrite
from .scene_waveform import SceneWaveform
from .script_audio import ScriptAudio
from .script_detail import ScriptDetail
from .script_detail_translations import ScriptDetailTranslations
from .script_draft import ScriptDraft
from .script_draft_state import ScriptDraftState
from .script_draft_translations import ScriptDraftTranslations
from .script_patch import ScriptPatch
from .script_patch_translations import ScriptPatchTranslations
from .script_reference import ScriptReference
from .script_reference_translations import ScriptReferenceTranslations
from .script_summary import ScriptSummary
from .script_summary_translations import ScriptSummaryTranslations
from .script_translation import ScriptTranslation
from .script_translation_write import ScriptTranslationWrite
from .script_write import ScriptWrite
from .script_write_translations import ScriptWriteTranslations
from .session_response import SessionResponse
from .sign_in_options import SignInOptions
from .stored_audio import StoredAudio
from .streak import Streak
from .token_detail import TokenDetail
from .token_detail_script_titles import TokenDetailScriptTitles
from .token_detail_translations import TokenDetailTranslations
from .token_patch import TokenPatch
from .token_patch_translations import TokenPatchTranslations
from .token_summary import TokenSummary
from .token_summary_script_titles import TokenSummaryScriptTitles
from .token_summary_translations import TokenSummaryTranslations
from .token_write import TokenWrite
from .token_write_translations import TokenWriteTranslations
from .totals import Totals
from .trend_point import TrendPoint
from .upload_accepted import UploadAccepted
from .upload_accepted_status import UploadAcceptedStatus
from .upload_offer import UploadOffer
from .upload_offer_fields import UploadOfferFields
from .upload_offer_request import UploadOfferRequest
from .upload_part import UploadPart
from .uploaded_parts import UploadedParts
from .user_response import UserResponse
from .weak_sound import WeakSound
from .webhook_taken import WebhookTaken

__all__ = (
    "ActorResponse",
    "ActorResponseTranslations",
    "ActorSummary",
    "ActorSummaryTranslations",
    "ActorWrite",
    "ActorWriteTranslations",
    "AnalysisReport",
    "AnalysisReportType",
    "AnalysisResultResponse",
    "AnalysisResultResponseAttemptClassType0",
    "AnalysisResultResponseAudioType0",
    "AnalysisResultResponseDetailedFeedbackType0",
    "AnalysisResultResponseEngineType0",
    "AnalysisResultResponseStatus",
    "Attempt",
    "AttemptAttemptClassType0",
    "AttemptStatus",
    "AudioForm",
    "AverageScores",
    "BookmarkResponse",
    "BookmarkWrite",
    "Category",
    "CreateScriptState",
    "DevelopmentSignIn",
    "DraftLine",
    "DraftLineScriptTitles",
    "DraftLineTranslations",
    "DubbedToken",
    "FieldError",
    "GoogleSignIn",
    "Health",
    "HealthChecks",
    "HealthStatus",
    "ImportNote",
    "JobError",
    "LineAudio",
    "LineProgress",
    "LineReading",
    "ListManagedSceneRequestsStatus",
    "ListManagedScriptsState",
    "ListSceneRequestsStatus",
    "ListScriptsLength",
    "ListScriptsSort",
    "ListTokensLength",
    "ListTokensSort",
    "ManagedScript",
    "ManagedScriptState",
    "ManagedScriptTranslations",
    "MyScores",
    "Overview",
    "PageActorSummary",
    "PageAttempt",
    "PageBookmarkResponse",
    "PageDubbedToken",
    "PageManagedScript",
    "PageRecordingResponse",
    "PageSceneRequestResponse",
    "PageScriptSummary",
    "PageTokenSummary",
    "PitchContour",
    "Problem",
    "ProgressEvent",
    "ProgressEventResultType0",
    "ProgressEventStatus",
    "ReadWord",
    "RecordedWords",
    "RecordingResponse",
    "ReferenceUsed",
    "RefreshRequest",
    "ReportedError",
    "ReportedResult",
    "ReportedResultAttemptClass",
    "ReportedResultAudioType0",
    "ReportedResultDetailedFeedbackType0",
    "ReportedResultEngineType0",
    "SceneImportForm",
    "SceneProgress",
    "SceneRequestPatch",
    "SceneRequestPatchStatus",
    "SceneRequestResponse",
    "SceneRequestResponseStatus",
    "SceneRequestWrite",
    "SceneWaveform",
    "ScriptAudio",
    "ScriptDetail",
    "ScriptDetailTranslations",
    "ScriptDraft",
    "ScriptDraftState",
    "ScriptDraftTranslations",
    "ScriptPatch",
    "ScriptPatchTranslations",
    "ScriptReference",
    "ScriptReferenceTranslations",
    "ScriptSummary",
    "ScriptSummaryTranslations",
    "ScriptTranslation",
    "ScriptTranslationWrite",
    "ScriptWrite",
    "ScriptWriteTranslations",
    "SessionResponse",
    "SignInOptions",
    "StoredAudio",
    "Streak",
    "TokenDetail",
    "TokenDetailScriptTitles",
    "TokenDetailTranslations",
    "TokenPatch",
    "TokenPatchTranslations",
    "TokenSummary",
    "TokenSummaryScriptTitles",
    "TokenSummaryTranslations",
    "TokenWrite",
    "TokenWriteTranslations",
    "Totals",
    "TrendPoint",
    "UploadAccepted",
    "UploadAcceptedStatus",
    "UploadedParts",
    "UploadOffer",
    "UploadOfferFields",
    "UploadOfferRequest",
    "UploadPart",
    "UserResponse",
    "WeakSound",
    "WebhookTaken",
)
