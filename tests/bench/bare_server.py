"""A bare server beside ours: FastAPI takes a body, asyncpg inserts it, and that is all."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from fastapi import FastAPI, Request, Response

TABLE = (
    "create table if not exists bare_bodies (id bigint generated always as identity primary key, body jsonb not null)"
)
INSERT = "insert into bare_bodies (body) values ($1)"


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["ESCALATIONS_DSN"]) as app.state.pool:
        await app.state.pool.execute(TABLE)
        yield


async def _keep(request: Request) -> Response:
    await request.app.state.pool.execute(INSERT, (await request.body()).decode())
    return Response()


async def main() -> None:
    """Serve on a free port of this machine, and print its address."""
    app = FastAPI(lifespan=_lifespan, openapi_url=None)
    app.post("/")(_keep)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    sys.stdout.write(json.dumps({"address": f"http://127.0.0.1:{listener.getsockname()[1]}"}) + "\n")
    sys.stdout.flush()
    await uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).serve(sockets=[listener])


if __name__ == "__main__":
    asyncio.run(main())
