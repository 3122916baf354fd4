from http import HTTPStatus
from typing import Any, cast

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.list_tokens_length import ListTokensLength
from ...models.list_tokens_sort import ListTokensSort
from ...models.page_token_summary import PageTokenSummary
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    q: str | Unset = UNSET,
    script_id: int | Unset = UNSET,
    category: str | Unset = UNSET,
    actor: str | Unset = UNSET,
    language: str | Unset = UNSET,
    level: int | Unset = UNSET,
    length: ListTokensLength | Unset = UNSET,
    good_to_start: bool | Unset = UNSET,
    sort: ListTokensSort | Unset = "id",
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["q"] = q

    params["script_id"] = script_id

    params["category"] = category

    params["actor"] = actor

    params["language"] = language

    params["level"] = level

    json_length: str | Unset = UNSET
    if not isinstance(length, Unset):
        json_length = length

    params["length"] = json_length

    params["good_to_start"] = good_to_start

    json_sort: str | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort

    params["sort"] = json_sort

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/tokens",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | PageTokenSummary | Problem | None:
    if response.status_code == 200:
        response_200 = PageTokenSummary.from_dict(response.json())

        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

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
) -> Response[Any | PageTokenSummary | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    q: str | Unset = UNSET,
    script_id: int | Unset = UNSET,
    category: str | Unset = UNSET,
    actor: str | Unset = UNSET,
    language: str | Unset = UNSET,
    level: int | Unset = UNSET,
    length: ListTokensLength | Unset = UNSET,
    good_to_start: bool | Unset = UNSET,
    sort: ListTokensSort | Unset = "id",
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> Response[Any | PageTokenSummary | Problem]:
    """List Tokens

     Lists and searches lines.

    Args:
        q (str | Unset): Part of a title or a line
        script_id (int | Unset):
        category (str | Unset): Exactly this category
        actor (str | Unset): Id or part of a name, in any language
        language (str | Unset): Exactly this language tag
        level (int | Unset): Exactly this level, 1 (easiest) to 5
        length (ListTokensLength | Unset): By the length of the line: short is less than 3 s, long
            is 6 s or more
        good_to_start (bool | Unset): Only what is good to start with, or only the rest
        sort (ListTokensSort | Unset): By id, or for newcomers: good to start with, easy and short
            first Default: 'id'.
        limit (int | Unset): Rows per page Default: 20.
        cursor (str | Unset): `next_cursor` of the previous page; empty for the first

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | PageTokenSummary | Problem]
    """

    kwargs = _get_kwargs(
        q=q,
        script_id=script_id,
        category=category,
        actor=actor,
        language=language,
        level=level,
        length=length,
        good_to_start=good_to_start,
        sort=sort,
        limit=limit,
        cursor=cursor,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    q: str | Unset = UNSET,
    script_id: int | Unset = UNSET,
    category: str | Unset = UNSET,
    actor: str | Unset = UNSET,
    language: str | Unset = UNSET,
    level: int | Unset = UNSET,
    length: ListTokensLength | Unset = UNSET,
    good_to_start: bool | Unset = UNSET,
    sort: ListTokensSort | Unset = "id",
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> Any | PageTokenSummary | Problem | None:
    """List Tokens

     Lists and searches lines.

    Args:
        q (str | Unset): Part of a title or a line
        script_id (int | Unset):
        category (str | Unset): Exactly this category
        actor (str | Unset): Id or part of a name, in any language
        language (str | Unset): Exactly this language tag
        level (int | Unset): Exactly this level, 1 (easiest) to 5
        length (ListTokensLength | Unset): By the length of the line: short is less than 3 s, long
            is 6 s or more
        good_to_start (bool | Unset): Only what is good to start with, or only the rest
        sort (ListTokensSort | Unset): By id, or for newcomers: good to start with, easy and short
            first Default: 'id'.
        limit (int | Unset): Rows per page Default: 20.
        cursor (str | Unset): `next_cursor` of the previous page; empty for the first

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | PageTokenSummary | Problem
    """

    return sync_detailed(
        client=client,
        q=q,
        script_id=script_id,
        category=category,
        actor=actor,
        language=language,
        level=level,
        length=length,
        good_to_start=good_to_start,
        sort=sort,
        limit=limit,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    q: str | Unset = UNSET,
    script_id: int | Unset = UNSET,
    category: str | Unset = UNSET,
    actor: str | Unset = UNSET,
    language: str | Unset = UNSET,
    level: int | Unset = UNSET,
    length: ListTokensLength | Unset = UNSET,
    good_to_start: bool | Unset = UNSET,
    sort: ListTokensSort | Unset = "id",
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> Response[Any | PageTokenSummary | Problem]:
    """List Tokens

     Lists and searches lines.

    Args:
        q (str | Unset): Part of a title or a line
        script_id (int | Unset):
        category (str | Unset): Exactly this category
        actor (str | Unset): Id or part of a name, in any language
        language (str | Unset): Exactly this language tag
        level (int | Unset): Exactly this level, 1 (easiest) to 5
        length (ListTokensLength | Unset): By the length of the line: short is less than 3 s, long
            is 6 s or more
        good_to_start (bool | Unset): Only what is good to start with, or only the rest
        sort (ListTokensSort | Unset): By id, or for newcomers: good to start with, easy and short
            first Default: 'id'.
        limit (int | Unset): Rows per page Default: 20.
        cursor (str | Unset): `next_cursor` of the previous page; empty for the first

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | PageTokenSummary | Problem]
    """

    kwargs = _get_kwargs(
        q=q,
        script_id=script_id,
        category=category,
        actor=actor,
        language=language,
        level=level,
        length=length,
        good_to_start=good_to_start,
        sort=sort,
        limit=limit,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    q: str | Unset = UNSET,
    script_id: int | Unset = UNSET,
    category: str | Unset = UNSET,
    actor: str | Unset = UNSET,
    language: str | Unset = UNSET,
    level: int | Unset = UNSET,
    length: ListTokensLength | Unset = UNSET,
    good_to_start: bool | Unset = UNSET,
    sort: ListTokensSort | Unset = "id",
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> Any | PageTokenSummary | Problem | None:
    """List Tokens

     Lists and searches lines.

    Args:
        q (str | Unset): Part of a title or a line
        script_id (int | Unset):
        category (str | Unset): Exactly this category
        actor (str | Unset): Id or part of a name, in any language
        language (str | Unset): Exactly this language tag
        level (int | Unset): Exactly this level, 1 (easiest) to 5
        length (ListTokensLength | Unset): By the length of the line: short is less than 3 s, long
            is 6 s or more
        good_to_start (bool | Unset): Only what is good to start with, or only the rest
        sort (ListTokensSort | Unset): By id, or for newcomers: good to start with, easy and short
            first Default: 'id'.
        limit (int | Unset): Rows per page Default: 20.
        cursor (str | Unset): `next_cursor` of the previous page; empty for the first

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | PageTokenSummary | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            q=q,
            script_id=script_id,
            category=category,
            actor=actor,
            language=language,
            level=level,
            length=length,
            good_to_start=good_to_start,
            sort=sort,
            limit=limit,
            cursor=cursor,
        )
    ).parsed
