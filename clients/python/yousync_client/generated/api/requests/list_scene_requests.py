from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.list_scene_requests_status import (
    ListSceneRequestsStatus,
)
from ...models.page_scene_request_response import PageSceneRequestResponse
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    status: ListSceneRequestsStatus | Unset = "open",
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status

    params["status"] = json_status

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/scripts/requests",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PageSceneRequestResponse | Problem | None:
    if response.status_code == 200:
        response_200 = PageSceneRequestResponse.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

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
) -> Response[PageSceneRequestResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    status: ListSceneRequestsStatus | Unset = "open",
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> Response[PageSceneRequestResponse | Problem]:
    """List Scene Requests

     Lists requests of all learners for scenes, those with the most votes first.

    Args:
        status (ListSceneRequestsStatus | Unset): Only requests with this status Default: 'open'.
        limit (int | Unset): Rows per page Default: 20.
        cursor (str | Unset): `next_cursor` of the previous page; empty for the first

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageSceneRequestResponse | Problem]
    """

    kwargs = _get_kwargs(
        status=status,
        limit=limit,
        cursor=cursor,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    status: ListSceneRequestsStatus | Unset = "open",
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> PageSceneRequestResponse | Problem | None:
    """List Scene Requests

     Lists requests of all learners for scenes, those with the most votes first.

    Args:
        status (ListSceneRequestsStatus | Unset): Only requests with this status Default: 'open'.
        limit (int | Unset): Rows per page Default: 20.
        cursor (str | Unset): `next_cursor` of the previous page; empty for the first

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageSceneRequestResponse | Problem
    """

    return sync_detailed(
        client=client,
        status=status,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    status: ListSceneRequestsStatus | Unset = "open",
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> Response[PageSceneRequestResponse | Problem]:
    """List Scene Requests

     Lists requests of all learners for scenes, those with the most votes first.

    Args:
        status (ListSceneRequestsStatus | Unset): Only requests with this status Default: 'open'.
        limit (int | Unset): Rows per page Default: 20.
        cursor (str | Unset): `next_cursor` of the previous page; empty for the first

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageSceneRequestResponse | Problem]
    """

    kwargs = _get_kwargs(
        status=status,
        limit=limit,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    status: ListSceneRequestsStatus | Unset = "open",
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> PageSceneRequestResponse | Problem | None:
    """List Scene Requests

     Lists requests of all learners for scenes, those with the most votes first.

    Args:
        status (ListSceneRequestsStatus | Unset): Only requests with this status Default: 'open'.
        limit (int | Unset): Rows per page Default: 20.
        cursor (str | Unset): `next_cursor` of the previous page; empty for the first

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageSceneRequestResponse | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            status=status,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
