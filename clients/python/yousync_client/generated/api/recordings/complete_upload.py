from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.upload_accepted import UploadAccepted
from ...models.uploaded_parts import UploadedParts
from ...types import UNSET, Response, Unset


def _get_kwargs(
    token_id: int,
    job_id: UUID,
    *,
    body: UploadedParts | Unset = UNSET,
    ticket: str | Unset = "",
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["ticket"] = ticket

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/tokens/{token_id}/uploads/{job_id}/complete".format(
            token_id=quote(str(token_id), safe=""),
            job_id=quote(str(job_id), safe=""),
        ),
        "params": params,
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | UploadAccepted | None:
    if response.status_code == 202:
        response_202 = UploadAccepted.from_dict(response.json())

        return response_202

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

    if response.status_code == 507:
        response_507 = Problem.from_dict(response.json())

        return response_507

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | UploadAccepted]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    token_id: int,
    job_id: UUID,
    *,
    client: AuthenticatedClient,
    body: UploadedParts | Unset = UNSET,
    ticket: str | Unset = "",
) -> Response[Problem | UploadAccepted]:
    """Complete an upload

     Creates a job from an uploaded recording. After a 202 response, the recording is stored durably.

    Completing an upload twice returns the same job. A refused recording is deleted at once.

    Args:
        token_id (int):
        job_id (UUID):
        ticket (str | Unset): From `complete_url` Default: ''.
        body (UploadedParts | Unset): The `ETag` that the store returned for each part, in order.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UploadAccepted]
    """

    kwargs = _get_kwargs(
        token_id=token_id,
        job_id=job_id,
        body=body,
        ticket=ticket,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    token_id: int,
    job_id: UUID,
    *,
    client: AuthenticatedClient,
    body: UploadedParts | Unset = UNSET,
    ticket: str | Unset = "",
) -> Problem | UploadAccepted | None:
    """Complete an upload

     Creates a job from an uploaded recording. After a 202 response, the recording is stored durably.

    Completing an upload twice returns the same job. A refused recording is deleted at once.

    Args:
        token_id (int):
        job_id (UUID):
        ticket (str | Unset): From `complete_url` Default: ''.
        body (UploadedParts | Unset): The `ETag` that the store returned for each part, in order.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UploadAccepted
    """

    return sync_detailed(
        token_id=token_id,
        job_id=job_id,
        client=client,
        body=body,
        ticket=ticket,
    ).parsed


async def asyncio_detailed(
    token_id: int,
    job_id: UUID,
    *,
    client: AuthenticatedClient,
    body: UploadedParts | Unset = UNSET,
    ticket: str | Unset = "",
) -> Response[Problem | UploadAccepted]:
    """Complete an upload

     Creates a job from an uploaded recording. After a 202 response, the recording is stored durably.

    Completing an upload twice returns the same job. A refused recording is deleted at once.

    Args:
        token_id (int):
        job_id (UUID):
        ticket (str | Unset): From `complete_url` Default: ''.
        body (UploadedParts | Unset): The `ETag` that the store returned for each part, in order.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UploadAccepted]
    """

    kwargs = _get_kwargs(
        token_id=token_id,
        job_id=job_id,
        body=body,
        ticket=ticket,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    token_id: int,
    job_id: UUID,
    *,
    client: AuthenticatedClient,
    body: UploadedParts | Unset = UNSET,
    ticket: str | Unset = "",
) -> Problem | UploadAccepted | None:
    """Complete an upload

     Creates a job from an uploaded recording. After a 202 response, the recording is stored durably.

    Completing an upload twice returns the same job. A refused recording is deleted at once.

    Args:
        token_id (int):
        job_id (UUID):
        ticket (str | Unset): From `complete_url` Default: ''.
        body (UploadedParts | Unset): The `ETag` that the store returned for each part, in order.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UploadAccepted
    """

    return (
        await asyncio_detailed(
            token_id=token_id,
            job_id=job_id,
            client=client,
            body=body,
            ticket=ticket,
        )
    ).parsed
