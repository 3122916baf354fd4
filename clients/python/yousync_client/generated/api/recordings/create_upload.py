from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.upload_offer import UploadOffer
from ...models.upload_offer_request import UploadOfferRequest
from ...types import UNSET, Response, Unset


def _get_kwargs(
    token_id: int,
    *,
    body: UploadOfferRequest | Unset = UNSET,
    words: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    params["words"] = words

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/tokens/{token_id}/uploads".format(
            token_id=quote(str(token_id), safe=""),
        ),
        "params": params,
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | UploadOffer | None:
    if response.status_code == 201:
        response_201 = UploadOffer.from_dict(response.json())

        return response_201

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 408:
        response_408 = Problem.from_dict(response.json())

        return response_408

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())

        return response_415

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | UploadOffer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    token_id: int,
    *,
    client: AuthenticatedClient,
    body: UploadOfferRequest | Unset = UNSET,
    words: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | UploadOffer]:
    """Start an upload directly to the store

     Returns a signed form: POST its `fields` and then the file, in a field named `file`, to `url`.

    A large recording can be sent in parts (`in_parts`): PUT each of `parts` to its `url`, and send the
    returned
    `ETag`s to `complete_url`. In both cases, POST to `complete_url` afterwards: it checks the recording
    and responds
    like `upload-audio`. Before that, nothing is stored permanently. If the store is unreachable, send
    the recording to
    `upload-audio` with the same Idempotency-Key.

    Args:
        token_id (int):
        words (str | Unset): The first and the last word of a recording of some words only, as
            places in `words` of the line's result, from 0; absent: the whole line. The words are
            judged as words of their line. The result has its scores in `detailed_feedback` only, and
            counts in no average
        idempotency_key (str | Unset): The same key returns the same job
        body (UploadOfferRequest | Unset): The size of a recording before it is sent, and the way
            to send it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UploadOffer]
    """

    kwargs = _get_kwargs(
        token_id=token_id,
        body=body,
        words=words,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    token_id: int,
    *,
    client: AuthenticatedClient,
    body: UploadOfferRequest | Unset = UNSET,
    words: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Problem | UploadOffer | None:
    """Start an upload directly to the store

     Returns a signed form: POST its `fields` and then the file, in a field named `file`, to `url`.

    A large recording can be sent in parts (`in_parts`): PUT each of `parts` to its `url`, and send the
    returned
    `ETag`s to `complete_url`. In both cases, POST to `complete_url` afterwards: it checks the recording
    and responds
    like `upload-audio`. Before that, nothing is stored permanently. If the store is unreachable, send
    the recording to
    `upload-audio` with the same Idempotency-Key.

    Args:
        token_id (int):
        words (str | Unset): The first and the last word of a recording of some words only, as
            places in `words` of the line's result, from 0; absent: the whole line. The words are
            judged as words of their line. The result has its scores in `detailed_feedback` only, and
            counts in no average
        idempotency_key (str | Unset): The same key returns the same job
        body (UploadOfferRequest | Unset): The size of a recording before it is sent, and the way
            to send it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UploadOffer
    """

    return sync_detailed(
        token_id=token_id,
        client=client,
        body=body,
        words=words,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    token_id: int,
    *,
    client: AuthenticatedClient,
    body: UploadOfferRequest | Unset = UNSET,
    words: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | UploadOffer]:
    """Start an upload directly to the store

     Returns a signed form: POST its `fields` and then the file, in a field named `file`, to `url`.

    A large recording can be sent in parts (`in_parts`): PUT each of `parts` to its `url`, and send the
    returned
    `ETag`s to `complete_url`. In both cases, POST to `complete_url` afterwards: it checks the recording
    and responds
    like `upload-audio`. Before that, nothing is stored permanently. If the store is unreachable, send
    the recording to
    `upload-audio` with the same Idempotency-Key.

    Args:
        token_id (int):
        words (str | Unset): The first and the last word of a recording of some words only, as
            places in `words` of the line's result, from 0; absent: the whole line. The words are
            judged as words of their line. The result has its scores in `detailed_feedback` only, and
            counts in no average
        idempotency_key (str | Unset): The same key returns the same job
        body (UploadOfferRequest | Unset): The size of a recording before it is sent, and the way
            to send it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UploadOffer]
    """

    kwargs = _get_kwargs(
        token_id=token_id,
        body=body,
        words=words,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    token_id: int,
    *,
    client: AuthenticatedClient,
    body: UploadOfferRequest | Unset = UNSET,
    words: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Problem | UploadOffer | None:
    """Start an upload directly to the store

     Returns a signed form: POST its `fields` and then the file, in a field named `file`, to `url`.

    A large recording can be sent in parts (`in_parts`): PUT each of `parts` to its `url`, and send the
    returned
    `ETag`s to `complete_url`. In both cases, POST to `complete_url` afterwards: it checks the recording
    and responds
    like `upload-audio`. Before that, nothing is stored permanently. If the store is unreachable, send
    the recording to
    `upload-audio` with the same Idempotency-Key.

    Args:
        token_id (int):
        words (str | Unset): The first and the last word of a recording of some words only, as
            places in `words` of the line's result, from 0; absent: the whole line. The words are
            judged as words of their line. The result has its scores in `detailed_feedback` only, and
            counts in no average
        idempotency_key (str | Unset): The same key returns the same job
        body (UploadOfferRequest | Unset): The size of a recording before it is sent, and the way
            to send it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UploadOffer
    """

    return (
        await asyncio_detailed(
            token_id=token_id,
            client=client,
            body=body,
            words=words,
            idempotency_key=idempotency_key,
        )
    ).parsed
