from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.scene_import_form import SceneImportForm
from ...models.script_draft import ScriptDraft
from ...types import Response


def _get_kwargs(
    *,
    body: SceneImportForm,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/scripts/import",
    }

    _kwargs["files"] = body.to_multipart()

    headers["Content-Type"] = "multipart/form-data; boundary=+++"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | ScriptDraft | None:
    if response.status_code == 201:
        response_201 = ScriptDraft.from_dict(response.json())

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
) -> Response[Problem | ScriptDraft]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: SceneImportForm,
) -> Response[Problem | ScriptDraft]:
    """Import a scene: subtitles and sound

     Creates a draft from a subtitle file and an audio or video file: one line per speaker of a cue, with
    its sound.

    `notes` lists what was skipped, changed or guessed; correct the lines, then publish the draft.
    `errors` of a 422
    response names the cue that cannot be used, as the file counts. Optional fields may be empty. Pitch
    and timing are
    computed after the response.

    Args:
        body (SceneImportForm): The form of an import. Optional fields may be empty.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ScriptDraft]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: SceneImportForm,
) -> Problem | ScriptDraft | None:
    """Import a scene: subtitles and sound

     Creates a draft from a subtitle file and an audio or video file: one line per speaker of a cue, with
    its sound.

    `notes` lists what was skipped, changed or guessed; correct the lines, then publish the draft.
    `errors` of a 422
    response names the cue that cannot be used, as the file counts. Optional fields may be empty. Pitch
    and timing are
    computed after the response.

    Args:
        body (SceneImportForm): The form of an import. Optional fields may be empty.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ScriptDraft
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: SceneImportForm,
) -> Response[Problem | ScriptDraft]:
    """Import a scene: subtitles and sound

     Creates a draft from a subtitle file and an audio or video file: one line per speaker of a cue, with
    its sound.

    `notes` lists what was skipped, changed or guessed; correct the lines, then publish the draft.
    `errors` of a 422
    response names the cue that cannot be used, as the file counts. Optional fields may be empty. Pitch
    and timing are
    computed after the response.

    Args:
        body (SceneImportForm): The form of an import. Optional fields may be empty.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ScriptDraft]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: SceneImportForm,
) -> Problem | ScriptDraft | None:
    """Import a scene: subtitles and sound

     Creates a draft from a subtitle file and an audio or video file: one line per speaker of a cue, with
    its sound.

    `notes` lists what was skipped, changed or guessed; correct the lines, then publish the draft.
    `errors` of a 422
    response names the cue that cannot be used, as the file counts. Optional fields may be empty. Pitch
    and timing are
    computed after the response.

    Args:
        body (SceneImportForm): The form of an import. Optional fields may be empty.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ScriptDraft
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
