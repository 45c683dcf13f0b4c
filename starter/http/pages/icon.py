"""The icon that browsers ask for with each page."""

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import Response

router = APIRouter(include_in_schema=False)
_ICON = (Path(__file__).parent / "icon.svg").read_bytes()


@router.get("/favicon.ico")
async def icon() -> Response:
    """A picture, the same for everyone."""
    headers = {"Cache-Control": "public, max-age=604800", "X-Content-Type-Options": "nosniff"}
    return Response(_ICON, media_type="image/svg+xml", headers=headers)
