from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.create_script_state import CreateScriptState
from ...models.problem import Problem
from ...models.script_detail import ScriptDetail
from ...models.script_write import ScriptWrite
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: ScriptWrite,
    state: CreateScriptState | Unset = "published",
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state

    params["state"] = json_state

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/scripts",
        "params": params,
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | ScriptDetail | None:
    if response.status_code == 201:
        response_201 = ScriptDetail.from_dict(response.json())

        return response_201

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 408:
        response_408 = Problem.from_dict(response.json())

        return response_408

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

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
) -> Response[Problem | ScriptDetail]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ScriptWrite,
    state: CreateScriptState | Unset = "published",
) -> Response[Problem | ScriptDetail]:
    """Create Script

     Creates a scene without lines, public at once or as a draft.

    Args:
        state (CreateScriptState | Unset): A draft is for administrators only Default:
            'published'.
        body (ScriptWrite): The fields of a script; `language` is that of its lines, the keys of
            `translations` are those of its readers.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ScriptDetail]
    """

    kwargs = _get_kwargs(
        body=body,
        state=state,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: ScriptWrite,
    state: CreateScriptState | Unset = "published",
) -> Problem | ScriptDetail | None:
    """Create Script

     Creates a scene without lines, public at once or as a draft.

    Args:
        state (CreateScriptState | Unset): A draft is for administrators only Default:
            'published'.
        body (ScriptWrite): The fields of a script; `language` is that of its lines, the keys of
            `translations` are those of its readers.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ScriptDetail
    """

    return sync_detailed(
        client=client,
        body=body,
        state=state,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ScriptWrite,
    state: CreateScriptState | Unset = "published",
) -> Response[Problem | ScriptDetail]:
    """Create Script

     Creates a scene without lines, public at once or as a draft.

    Args:
        state (CreateScriptState | Unset): A draft is for administrators only Default:
            'published'.
        body (ScriptWrite): The fields of a script; `language` is that of its lines, the keys of
            `translations` are those of its readers.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ScriptDetail]
    """

    kwargs = _get_kwargs(
        body=body,
        state=state,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: ScriptWrite,
    state: CreateScriptState | Unset = "published",
) -> Problem | ScriptDetail | None:
    """Create Script

     Creates a scene without lines, public at once or as a draft.

    Args:
        state (CreateScriptState | Unset): A draft is for administrators only Default:
            'published'.
        body (ScriptWrite): The fields of a script; `language` is that of its lines, the keys of
            `translations` are those of its readers.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ScriptDetail
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            state=state,
        )
    ).parsed
