from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.analysis_report import AnalysisReport
from ...models.problem import Problem
from ...models.webhook_taken import WebhookTaken
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: AnalysisReport,
    webhook_id: str,
    webhook_timestamp: str,
    webhook_signature: str,
    yousync_target: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["webhook-id"] = webhook_id

    headers["webhook-timestamp"] = webhook_timestamp

    headers["webhook-signature"] = webhook_signature

    if not isinstance(yousync_target, Unset):
        headers["yousync-target"] = yousync_target

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/tokens/webhook/analysis-complete",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | WebhookTaken | None:
    if response.status_code == 200:
        response_200 = WebhookTaken.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 408:
        response_408 = Problem.from_dict(response.json())

        return response_408

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
) -> Response[Problem | WebhookTaken]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: AnalysisReport,
    webhook_id: str,
    webhook_timestamp: str,
    webhook_signature: str,
    yousync_target: str | Unset = UNSET,
) -> Response[Problem | WebhookTaken]:
    """Reports of the analysis server

     Receives progress, completion or failure of a job, signed as Standard Webhooks. A duplicate has no
    effect.

    Args:
        webhook_id (str):
        webhook_timestamp (str):
        webhook_signature (str):
        yousync_target (str | Unset):
        body (AnalysisReport): A webhook of the analysis server. Without `type`, a body with a
            result counts as completed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WebhookTaken]
    """

    kwargs = _get_kwargs(
        body=body,
        webhook_id=webhook_id,
        webhook_timestamp=webhook_timestamp,
        webhook_signature=webhook_signature,
        yousync_target=yousync_target,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: AnalysisReport,
    webhook_id: str,
    webhook_timestamp: str,
    webhook_signature: str,
    yousync_target: str | Unset = UNSET,
) -> Problem | WebhookTaken | None:
    """Reports of the analysis server

     Receives progress, completion or failure of a job, signed as Standard Webhooks. A duplicate has no
    effect.

    Args:
        webhook_id (str):
        webhook_timestamp (str):
        webhook_signature (str):
        yousync_target (str | Unset):
        body (AnalysisReport): A webhook of the analysis server. Without `type`, a body with a
            result counts as completed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WebhookTaken
    """

    return sync_detailed(
        client=client,
        body=body,
        webhook_id=webhook_id,
        webhook_timestamp=webhook_timestamp,
        webhook_signature=webhook_signature,
        yousync_target=yousync_target,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: AnalysisReport,
    webhook_id: str,
    webhook_timestamp: str,
    webhook_signature: str,
    yousync_target: str | Unset = UNSET,
) -> Response[Problem | WebhookTaken]:
    """Reports of the analysis server

     Receives progress, completion or failure of a job, signed as Standard Webhooks. A duplicate has no
    effect.

    Args:
        webhook_id (str):
        webhook_timestamp (str):
        webhook_signature (str):
        yousync_target (str | Unset):
        body (AnalysisReport): A webhook of the analysis server. Without `type`, a body with a
            result counts as completed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WebhookTaken]
    """

    kwargs = _get_kwargs(
        body=body,
        webhook_id=webhook_id,
        webhook_timestamp=webhook_timestamp,
        webhook_signature=webhook_signature,
        yousync_target=yousync_target,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: AnalysisReport,
    webhook_id: str,
    webhook_timestamp: str,
    webhook_signature: str,
    yousync_target: str | Unset = UNSET,
) -> Problem | WebhookTaken | None:
    """Reports of the analysis server

     Receives progress, completion or failure of a job, signed as Standard Webhooks. A duplicate has no
    effect.

    Args:
        webhook_id (str):
        webhook_timestamp (str):
        webhook_signature (str):
        yousync_target (str | Unset):
        body (AnalysisReport): A webhook of the analysis server. Without `type`, a body with a
            result counts as completed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WebhookTaken
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            webhook_id=webhook_id,
            webhook_timestamp=webhook_timestamp,
            webhook_signature=webhook_signature,
            yousync_target=yousync_target,
        )
    ).parsed
