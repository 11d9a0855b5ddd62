"""What a rendering may fetch: our own fonts and stylesheet, nothing else.

WeasyPrint would by default fetch http: and embed file: (rendering-signing.md, 1.4).
"""

from pathlib import Path

from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "dealdesk-font"


class FontsOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Answers `dealdesk-font:` addresses from the folders of fonts; refuses everything else."""

    def __init__(self, fonts: dict[str, Path]) -> None:
        super().__init__(allowed_protocols={SCHEME}, allow_redirects=False)
        self._fonts = fonts

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return a font's bytes. Raise ValueError for any other address."""
        del headers  # nothing is asked of a server
        scheme, _, name = url.partition(":")
        if scheme != SCHEME or name not in self._fonts:
            msg = f"nothing is fetched while rendering: {url[:100]}"
            raise ValueError(msg)
        return URLFetcherResponse(url, self._fonts[name].read_bytes(), {"Content-Type": "font/ttf"})
