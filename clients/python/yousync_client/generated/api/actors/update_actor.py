from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.actor_response import ActorResponse
from ...models.actor_write import ActorWrite
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    actor_id: int,
    *,
    body: ActorWrite,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/actors/{actor_id}".format(
            actor_id=quote(str(actor_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ActorResponse | Problem | None:
    if response.status_code == 200:
        response_200 = ActorResponse.from_dict(response.json())

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
) -> Response[ActorResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    actor_id: int,
    *,
    client: AuthenticatedClient,
    body: ActorWrite,
) -> Response[ActorResponse | Problem]:
    """Update Actor

     Replaces the names of an actor.

    Args:
        actor_id (int):
        body (ActorWrite): The fields of an actor.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ActorResponse | Problem]
    """

    kwargs = _get_kwargs(
        actor_id=actor_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    actor_id: int,
    *,
    client: AuthenticatedClient,
    body: ActorWrite,
) -> ActorResponse | Problem | None:
    """Update Actor

     Replaces the names of an actor.

    Args:
        actor_id (int):
        body (ActorWrite): The fields of an actor.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ActorResponse | Problem
    """

    return sync_detailed(
        actor_id=actor_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    actor_id: int,
    *,
    client: AuthenticatedClient,
    body: ActorWrite,
) -> Response[ActorResponse | Problem]:
    """Update Actor

     Replaces the names of an actor.

    Args:
        actor_id (int):
        body (ActorWrite): The fields of an actor.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ActorResponse | Problem]
    """

    kwargs = _get_kwargs(
        actor_id=actor_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    actor_id: int,
    *,
    client: AuthenticatedClient,
    body: ActorWrite,
) -> ActorResponse | Problem | None:
    """Update Actor

     Replaces the names of an actor.

    Args:
        actor_id (int):
        body (ActorWrite): The fields of an actor.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ActorResponse | Problem
    """

    return (
        await asyncio_detailed(
            actor_id=actor_id,
            client=client,
            body=body,
        )
    ).parsed
