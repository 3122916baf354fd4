"""The main job by yousync-client: `python_client.py URL EMAIL TAKE`. Prints the events and the result as JSON."""

import asyncio
import json
import sys

from yousync_client import YouSync
from yousync_client.generated.api.tokens import list_tokens
from yousync_client.generated.models import PageTokenSummary


async def main() -> None:
    url, email, take = sys.argv[1:]
    async with YouSync(url) as yousync:
        await yousync.sign_in_for_development(email)
        page = await list_tokens.asyncio(client=yousync.api)
        assert isinstance(page, PageTokenSummary)
        line = next(token for token in page.items if token.has_audio)
        job = await yousync.upload(line.id, take)
        statuses = [event.status async for event in yousync.follow(job)]
        result = await yousync.result(job)
    print(json.dumps({"statuses": statuses, "status": result.status, "score": result.overall_score}))


if __name__ == "__main__":
    asyncio.run(main())
