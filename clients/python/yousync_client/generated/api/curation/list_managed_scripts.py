from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.list_managed_scripts_state import (
    ListManagedScriptsState,
)
from ...models.page_managed_script import PageManagedScript
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    state: ListManagedScriptsState | Unset = UNSET,
    q: str | Unset = UNSET,
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state

    params["state"] = json_state

    params["q"] = q

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/scripts/managed",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PageManagedScript | Problem | None:
    if response.status_code == 200:
        response_200 = PageManagedScript.from_dict(response.json())

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
) -> Response[PageManagedScript | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    state: ListManagedScriptsState | Unset = UNSET,
    q: str | Unset = UNSET,
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> Response[PageManagedScript | Problem]:
    """List Managed Scripts

     Lists scripts in every state, the newest first.

    Args:
        state (ListManagedScriptsState | Unset): Only scripts in this state
        q (str | Unset): Part of a title or a line
        limit (int | Unset): Rows per page Default: 20.
        cursor (str | Unset): `next_cursor` of the previous page; empty for the first

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageManagedScript | Problem]
    """

    kwargs = _get_kwargs(
        state=state,
        q=q,
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
    state: ListManagedScriptsState | Unset = UNSET,
    q: str | Unset = UNSET,
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> PageManagedScript | Problem | None:
    """List Managed Scripts

     Lists scripts in every state, the newest first.

    Args:
        state (ListManagedScriptsState | Unset): Only scripts in this state
        q (str | Unset): Part of a title or a line
        limit (int | Unset): Rows per page Default: 20.
        cursor (str | Unset): `next_cursor` of the previous page; empty for the first

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageManagedScript | Problem
    """

    return sync_detailed(
        client=client,
        state=state,
        q=q,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    state: ListManagedScriptsState | Unset = UNSET,
    q: str | Unset = UNSET,
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> Response[PageManagedScript | Problem]:
    """List Managed Scripts

     Lists scripts in every state, the newest first.

    Args:
        state (ListManagedScriptsState | Unset): Only scripts in this state
        q (str | Unset): Part of a title or a line
        limit (int | Unset): Rows per page Default: 20.
        cursor (str | Unset): `next_cursor` of the previous page; empty for the first

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageManagedScript | Problem]
    """

    kwargs = _get_kwargs(
        state=state,
        q=q,
        limit=limit,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    state: ListManagedScriptsState | Unset = UNSET,
    q: str | Unset = UNSET,
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> PageManagedScript | Problem | None:
    """List Managed Scripts

     Lists scripts in every state, the newest first.

    Args:
        state (ListManagedScriptsState | Unset): Only scripts in this state
        q (str | Unset): Part of a title or a line
        limit (int | Unset): Rows per page Default: 20.
        cursor (str | Unset): `next_cursor` of the previous page; empty for the first

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageManagedScript | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            state=state,
            q=q,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
