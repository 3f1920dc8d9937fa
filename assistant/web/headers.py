"""Response headers of the patient's pages: a strict content security policy, no referrer, nothing cached."""

from __future__ import annotations

from collections.abc import Iterable


def page_headers(*, app: str = "", framed_by: Iterable[str] = (), cached: bool = False) -> dict[str, str]:
    """Headers for one HTML page.

    Args:
        app: origin the scripts, styles and chat frame come from, when it is not the page's own.
        framed_by: origins that may show the page in a frame; none: no site may.
        cached: whether a browser may keep a copy. Pages that show a conversation never may.
    """
    ours = f"'self' {app}".strip()
    policy = [
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "connect-src 'self'",
        f"script-src {ours}",
        f"style-src {ours}",
        f"img-src {ours} data:",
        f"frame-src {ours}",
        f"frame-ancestors {' '.join(framed_by) or chr(39) + 'none' + chr(39)}",
    ]
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        "Cache-Control": "no-cache" if cached else "no-store",
    }
