from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.progress_event import ProgressEvent
from ...types import UNSET, Response, Unset


def _get_kwargs(
    job_id: UUID,
    *,
    ticket: str | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(last_event_id, Unset):
        headers["Last-Event-ID"] = last_event_id

    params: dict[str, Any] = {}

    params["ticket"] = ticket

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/tokens/analysis-progress/{job_id}".format(
            job_id=quote(str(job_id), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Problem | ProgressEvent | str | None:
    if response.status_code == 200:

        def _parse_response_200(data: object) -> ProgressEvent | str:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_type_0 = ProgressEvent.from_dict(data)

                return response_200_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ProgressEvent | str, data)

        response_200 = _parse_response_200(response.text)

        return response_200

    if response.status_code == 204:
        response_204 = cast(Any, None)
        return response_204

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

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
) -> Response[Any | Problem | ProgressEvent | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    job_id: UUID,
    *,
    client: AuthenticatedClient,
    ticket: str | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> Response[Any | Problem | ProgressEvent | str]:
    """Follow a job (server-sent events)

     Sends the current state at once, then every newer state until the job ends.

    Authenticate with the `Authorization` header, with `?ticket=`, or with the session cookie, which
    also counts when
    the ticket has expired.

    Args:
        job_id (UUID):
        ticket (str | Unset): From `progress_url`; 60 s, this job only
        last_event_id (str | Unset): `id` of the last event received

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | ProgressEvent | str]
    """

    kwargs = _get_kwargs(
        job_id=job_id,
        ticket=ticket,
        last_event_id=last_event_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    job_id: UUID,
    *,
    client: AuthenticatedClient,
    ticket: str | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> Any | Problem | ProgressEvent | str | None:
    """Follow a job (server-sent events)

     Sends the current state at once, then every newer state until the job ends.

    Authenticate with the `Authorization` header, with `?ticket=`, or with the session cookie, which
    also counts when
    the ticket has expired.

    Args:
        job_id (UUID):
        ticket (str | Unset): From `progress_url`; 60 s, this job only
        last_event_id (str | Unset): `id` of the last event received

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | ProgressEvent | str
    """

    return sync_detailed(
        job_id=job_id,
        client=client,
        ticket=ticket,
        last_event_id=last_event_id,
    ).parsed


async def asyncio_detailed(
    job_id: UUID,
    *,
    client: AuthenticatedClient,
    ticket: str | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> Response[Any | Problem | ProgressEvent | str]:
    """Follow a job (server-sent events)

     Sends the current state at once, then every newer state until the job ends.

    Authenticate with the `Authorization` header, with `?ticket=`, or with the session cookie, which
    also counts when
    the ticket has expired.

    Args:
        job_id (UUID):
        ticket (str | Unset): From `progress_url`; 60 s, this job only
        last_event_id (str | Unset): `id` of the last event received

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | ProgressEvent | str]
    """

    kwargs = _get_kwargs(
        job_id=job_id,
        ticket=ticket,
        last_event_id=last_event_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    job_id: UUID,
    *,
    client: AuthenticatedClient,
    ticket: str | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> Any | Problem | ProgressEvent | str | None:
    """Follow a job (server-sent events)

     Sends the current state at once, then every newer state until the job ends.

    Authenticate with the `Authorization` header, with `?ticket=`, or with the session cookie, which
    also counts when
    the ticket has expired.

    Args:
        job_id (UUID):
        ticket (str | Unset): From `progress_url`; 60 s, this job only
        last_event_id (str | Unset): `id` of the last event received

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | ProgressEvent | str
    """

    return (
        await asyncio_detailed(
            job_id=job_id,
            client=client,
            ticket=ticket,
            last_event_id=last_event_id,
        )
    ).parsed
