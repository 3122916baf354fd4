"""Client of the object store (S3), built once in lifespan; every call blocks and belongs in a thread."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import IO, TYPE_CHECKING
from uuid import UUID

import boto3
from botocore.auth import ISO8601, S3SigV4PostAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError, NoCredentialsError

from core.settings import Settings

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, ListObjectsV2OutputTypeDef, ObjectIdentifierTypeDef

MAX_CONNECTIONS = 40
_PIECE_BYTES = 64 * 1024
PART_BYTES = 8 * 1024 * 1024
# Keys in one response of a list; with the store's own 1,000, parsing it takes 1.4 MB instead of 0.1 in the same time.
_PAGE_KEYS = 250
# NoSuchUpload: the multipart upload has been completed or aborted already. The others: parts differ from their ETags.
_NOT_COMPLETED = ("NoSuchUpload", "InvalidPart", "InvalidPartOrder", "EntityTooSmall", "MalformedXML")
RECORDINGS, REFERENCES, UPLOADS, SCENES = "recordings/", "reference/", "uploads/", "scenes/"


def recording_key(user_id: int, job_id: UUID, extension: str) -> str:
    """Returns the key of a recording, made of our own ids only: file names of clients never reach the store."""
    return f"{recordings_prefix(user_id)}{job_id}.{extension}"


def recordings_prefix(user_id: int) -> str:
    return f"{RECORDINGS}{user_id}/"


def user_of(key: str) -> int | None:
    """Returns the user in a recording's key; None for a key that recording_key does not make."""
    parts = key.removeprefix(RECORDINGS).split("/")
    return int(parts[0]) if len(parts) == 2 and parts[0].isdecimal() and len(parts[0]) < 19 else None


def upload_key(user_id: int, job_id: UUID) -> str:
    """Returns the key of a direct upload until it has been checked."""
    return f"{uploads_prefix(user_id)}{job_id}"


def uploads_prefix(user_id: int) -> str:
    return f"{UPLOADS}{user_id}/"


def reference_key(token_id: int, digest: str, extension: str) -> str:
    return f"{REFERENCES}{token_id}/{digest}.{extension}"


def scene_media_key(file_id: UUID) -> str:
    """Returns the key of the audio or video file of an imported scene."""
    return f"{SCENES}{file_id}"


def job_of(key: str) -> UUID | None:
    """Returns the job of a recording's key; None for a key that recording_key does not make."""
    parts = key.removeprefix(RECORDINGS).split("/")
    with suppress(ValueError):
        if len(parts) == 2 and parts[0].isdecimal():
            return UUID(parts[1].partition(".")[0])
    return None


def token_of(key: str) -> int | None:
    """Returns the line of a reference's key; None for a key that reference_key does not make."""
    parts = key.removeprefix(REFERENCES).split("/")
    return int(parts[0]) if len(parts) == 2 and parts[0].isdecimal() and len(parts[0]) < 19 else None


@dataclass(frozen=True, slots=True)
class SignedPost:
    """A form that uploads one file to the store: `fields` first, the file last, in a field named `file`."""

    url: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class SignedPart:
    """The URL for a PUT of `size` bytes of a file; the ETag of the response is needed to complete the upload."""

    url: str
    size: int


class ObjectStore:
    """Put, head, delete and sign objects of one bucket; errors are botocore's own."""

    def __init__(self, settings: Settings) -> None:
        self._bucket = settings.s3_bucket_name
        self._ttl_s = settings.signed_url_ttl_s
        self._reference_base_url = settings.reference_base_url
        self._region = settings.aws_region
        secret = settings.aws_secret_access_key
        session = boto3.Session(settings.aws_access_key_id, secret.get_secret_value() if secret else None)
        self._credentials = session.get_credentials()
        self._client = _make_client(session, settings, settings.s3_endpoint_url)
        public = settings.s3_public_endpoint_url
        self._signer = _make_client(session, settings, public) if public else self._client

    def put(self, key: str, body: IO[bytes], content_type: str) -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def get(self, key: str, target: IO[bytes]) -> str | None:
        """Writes an object to `target` and returns its content type; None when there is none."""
        try:
            response = self._client.get_object(Bucket=self._bucket, Key=key)
        except self._client.exceptions.NoSuchKey:
            return None
        shutil.copyfileobj(response["Body"], target, 1 << 20)
        return response["ContentType"]

    def size(self, key: str) -> int | None:
        """Returns the size of an object in bytes; None when there is none."""
        try:
            return self._client.head_object(Bucket=self._bucket, Key=key)["ContentLength"]
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise

    def read(self, key: str) -> Iterator[bytes] | None:
        """Returns the content of an object in pieces; None when there is none."""
        try:
            body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
        except self._client.exceptions.NoSuchKey:
            return None
        return _pieces(body)

    def sign_get(self, key_or_url: str, *, internal: bool = False) -> str:
        """Returns a signed GET URL of a key, and a full URL unchanged. `internal` signs for our own servers."""
        if key_or_url.startswith(("http://", "https://")):
            return key_or_url
        client = self._client if internal else self._signer
        return client.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key_or_url}, ExpiresIn=self._ttl_s
        )

    def reference_url(self, key_or_url: str) -> str:
        """Returns the URL of reference audio for browsers: unsigned below REFERENCE_BASE_URL, or else as `sign_get`."""
        if self._reference_base_url and key_or_url.startswith(REFERENCES):
            return f"{self._reference_base_url}/{key_or_url}"
        return self.sign_get(key_or_url)

    def sign_post(self, key: str, max_bytes: int, ttl_s: int) -> SignedPost:
        """Returns a form with which a browser may write this object, of 1 to `max_bytes` bytes, for `ttl_s`.

        Equals `generate_presigned_post`, which resolves the bucket's address each time and takes four times as long.
        """
        if self._credentials is None:
            raise NoCredentialsError
        fields = {"key": key}
        request = AWSRequest("POST", self._post_url)
        request.context["s3-presign-post-fields"] = fields
        request.context["s3-presign-post-policy"] = {
            "expiration": (datetime.now(UTC) + timedelta(seconds=ttl_s)).strftime(ISO8601),
            "conditions": [["content-length-range", 1, max_bytes], {"bucket": self._bucket}, fields.copy()],
        }
        S3SigV4PostAuth(self._credentials.get_frozen_credentials(), "s3", self._region).add_auth(request)
        return SignedPost(self._post_url, fields)

    @cached_property
    def _post_url(self) -> str:
        url: str = self._signer.generate_presigned_post(self._bucket, "any")["url"]
        return url

    def begin_parts(self, key: str) -> str:
        """Starts a multipart upload and returns its id."""
        return self._client.create_multipart_upload(Bucket=self._bucket, Key=key)["UploadId"]

    def sign_parts(self, key: str, parts_id: str, size: int, ttl_s: int) -> list[SignedPart]:
        """Returns URLs with which a browser may write the parts of an object of `size` bytes for `ttl_s`."""
        sizes = [min(PART_BYTES, size - start) for start in range(0, size, PART_BYTES)]
        place = {"Bucket": self._bucket, "Key": key, "UploadId": parts_id}
        return [
            SignedPart(
                self._signer.generate_presigned_url(
                    "upload_part", Params={**place, "PartNumber": number, "ContentLength": bytes_}, ExpiresIn=ttl_s
                ),
                bytes_,
            )
            for number, bytes_ in enumerate(sizes, start=1)
        ]

    def join_parts(self, key: str, parts_id: str, etags: Sequence[str]) -> bool:
        """Completes a multipart upload; False when a part is missing or differs. True when it already ended."""
        parts: list[CompletedPartTypeDef] = [{"PartNumber": n, "ETag": tag} for n, tag in enumerate(etags, start=1)]
        try:
            self._client.complete_multipart_upload(
                Bucket=self._bucket, Key=key, UploadId=parts_id, MultipartUpload={"Parts": parts}
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in _NOT_COMPLETED:
                raise
            return code == "NoSuchUpload"
        return True

    def end_parts(self, prefix: str, before: datetime) -> int:
        """Aborts the multipart uploads below `prefix` that were started before `before`; returns their number."""
        ended = 0
        for page in self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket, Prefix=prefix):
            for begun in page.get("Uploads", []):
                if begun["Initiated"] < before:
                    self._client.abort_multipart_upload(
                        Bucket=self._bucket, Key=begun["Key"], UploadId=begun["UploadId"]
                    )
                    ended += 1
        return ended

    def download(self, key: str, target: IO[bytes], max_bytes: int) -> str | None:
        """Writes an object to `target` and returns its ETag; None when there is none. Stops beyond `max_bytes`."""
        try:
            response = self._client.get_object(Bucket=self._bucket, Key=key)
        except self._client.exceptions.NoSuchKey:
            return None
        for piece in _pieces(response["Body"]):
            target.write(piece)
            if target.tell() > max_bytes:
                break
        return response["ETag"]

    def copy(self, source: str, etag: str, key: str, content_type: str) -> None:
        """Copies an object within the store if it still has this ETag; raises ClientError if not."""
        self._client.copy_object(
            Bucket=self._bucket,
            Key=key,
            CopySource={"Bucket": self._bucket, "Key": source},
            CopySourceIfMatch=etag,
            MetadataDirective="REPLACE",
            ContentType=content_type,
        )

    def delete(self, key: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=key)

    def pages(self, prefix: str) -> Iterator[list[tuple[str, datetime]]]:
        """Yields the keys below `prefix` with their last modification, page by page."""
        for page in self._list(prefix):
            yield [(item["Key"], item["LastModified"]) for item in page.get("Contents", [])]

    def delete_all(self, keys: Sequence[str]) -> None:
        """Deletes the objects of one page in one request."""
        objects: list[ObjectIdentifierTypeDef] = [{"Key": key} for key in keys]
        if not objects:
            return
        response = self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True})
        if failed := response.get("Errors"):
            raise ClientError({"Error": {"Code": failed[0].get("Code", "")}}, "DeleteObjects")

    def _list(self, prefix: str) -> Iterator["ListObjectsV2OutputTypeDef"]:
        pages = self._client.get_paginator("list_objects_v2")
        yield from pages.paginate(Bucket=self._bucket, Prefix=prefix, PaginationConfig={"PageSize": _PAGE_KEYS})

    def check(self) -> None:
        """Raises when the bucket is unreachable."""
        self._client.head_bucket(Bucket=self._bucket)

    def close(self) -> None:
        self._client.close()
        if self._signer is not self._client:
            self._signer.close()


def _pieces(body: "StreamingBody") -> Iterator[bytes]:
    with closing(body):
        yield from body.iter_chunks(_PIECE_BYTES)


def _make_client(session: boto3.Session, settings: Settings, endpoint_url: str | None) -> "S3Client":
    return session.client(
        "s3",
        region_name=settings.aws_region,
        endpoint_url=endpoint_url or f"https://s3.{settings.aws_region}.amazonaws.com",
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if endpoint_url else "virtual"},
            max_pool_connections=MAX_CONNECTIONS,
            connect_timeout=3,
            read_timeout=10,
            retries={"mode": "standard", "max_attempts": 2},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
