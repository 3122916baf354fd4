from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, File, Response


def _get_kwargs(
    script_id: int,
    *,
    start: float,
    end: float,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["start"] = start

    params["end"] = end

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/scripts/{script_id}/media/sound".format(
            script_id=quote(str(script_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> File | Problem | None:
    if response.status_code == 200:
        response_200 = File(payload=BytesIO(response.content))

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[File | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    script_id: int,
    *,
    client: AuthenticatedClient,
    start: float,
    end: float,
) -> Response[File | Problem]:
    """Get Scene Sound

     Returns a part of the sound of an imported scene, as a line with these times would have it.

    To hear new times before they are saved. The part is 0.2 s to 120 s long, and shorter at the end of
    the file.

    Args:
        script_id (int):
        start (float): In seconds on the scene's timeline
        end (float): In seconds on the scene's timeline

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        script_id=script_id,
        start=start,
        end=end,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    script_id: int,
    *,
    client: AuthenticatedClient,
    start: float,
    end: float,
) -> File | Problem | None:
    """Get Scene Sound

     Returns a part of the sound of an imported scene, as a line with these times would have it.

    To hear new times before they are saved. The part is 0.2 s to 120 s long, and shorter at the end of
    the file.

    Args:
        script_id (int):
        start (float): In seconds on the scene's timeline
        end (float): In seconds on the scene's timeline

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        File | Problem
    """

    return sync_detailed(
        script_id=script_id,
        client=client,
        start=start,
        end=end,
    ).parsed


async def asyncio_detailed(
    script_id: int,
    *,
    client: AuthenticatedClient,
    start: float,
    end: float,
) -> Response[File | Problem]:
    """Get Scene Sound

     Returns a part of the sound of an imported scene, as a line with these times would have it.

    To hear new times before they are saved. The part is 0.2 s to 120 s long, and shorter at the end of
    the file.

    Args:
        script_id (int):
        start (float): In seconds on the scene's timeline
        end (float): In seconds on the scene's timeline

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        script_id=script_id,
        start=start,
        end=end,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    script_id: int,
    *,
    client: AuthenticatedClient,
    start: float,
    end: float,
) -> File | Problem | None:
    """Get Scene Sound

     Returns a part of the sound of an imported scene, as a line with these times would have it.

    To hear new times before they are saved. The part is 0.2 s to 120 s long, and shorter at the end of
    the file.

    Args:
        script_id (int):
        start (float): In seconds on the scene's timeline
        end (float): In seconds on the scene's timeline

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        File | Problem
    """

    return (
        await asyncio_detailed(
            script_id=script_id,
            client=client,
            start=start,
            end=end,
        )
    ).parsed
