from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.token_patch import TokenPatch
from ...models.token_summary import TokenSummary
from ...types import UNSET, Response, Unset


def _get_kwargs(
    token_id: int,
    *,
    body: TokenPatch,
    if_match: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["if-match"] = if_match

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/tokens/{token_id}".format(
            token_id=quote(str(token_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | TokenSummary | None:
    if response.status_code == 200:
        response_200 = TokenSummary.from_dict(response.json())

        return response_200

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

    if response.status_code == 412:
        response_412 = Problem.from_dict(response.json())

        return response_412

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
) -> Response[Problem | TokenSummary]:
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
    body: TokenPatch,
    if_match: str | Unset = UNSET,
) -> Response[Problem | TokenSummary]:
    """Patch Token

     Changes the given fields of a line; the others stay. The effects are those of PUT.

    Args:
        token_id (int):
        if_match (str | Unset): `version` of the draft in quotes: refuses the change with 412 when
            it has another one by now
        body (TokenPatch): The fields of a line to change.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TokenSummary]
    """

    kwargs = _get_kwargs(
        token_id=token_id,
        body=body,
        if_match=if_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    token_id: int,
    *,
    client: AuthenticatedClient,
    body: TokenPatch,
    if_match: str | Unset = UNSET,
) -> Problem | TokenSummary | None:
    """Patch Token

     Changes the given fields of a line; the others stay. The effects are those of PUT.

    Args:
        token_id (int):
        if_match (str | Unset): `version` of the draft in quotes: refuses the change with 412 when
            it has another one by now
        body (TokenPatch): The fields of a line to change.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TokenSummary
    """

    return sync_detailed(
        token_id=token_id,
        client=client,
        body=body,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    token_id: int,
    *,
    client: AuthenticatedClient,
    body: TokenPatch,
    if_match: str | Unset = UNSET,
) -> Response[Problem | TokenSummary]:
    """Patch Token

     Changes the given fields of a line; the others stay. The effects are those of PUT.

    Args:
        token_id (int):
        if_match (str | Unset): `version` of the draft in quotes: refuses the change with 412 when
            it has another one by now
        body (TokenPatch): The fields of a line to change.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TokenSummary]
    """

    kwargs = _get_kwargs(
        token_id=token_id,
        body=body,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    token_id: int,
    *,
    client: AuthenticatedClient,
    body: TokenPatch,
    if_match: str | Unset = UNSET,
) -> Problem | TokenSummary | None:
    """Patch Token

     Changes the given fields of a line; the others stay. The effects are those of PUT.

    Args:
        token_id (int):
        if_match (str | Unset): `version` of the draft in quotes: refuses the change with 412 when
            it has another one by now
        body (TokenPatch): The fields of a line to change.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TokenSummary
    """

    return (
        await asyncio_detailed(
            token_id=token_id,
            client=client,
            body=body,
            if_match=if_match,
        )
    ).parsed
