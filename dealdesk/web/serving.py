"""The application as a server runs it for days: the collector's full rounds between answers."""

from collections.abc import Iterable
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.wsgi import ClosingIterator

from dealdesk.kernel.memory import is_full_round_near, settle

# So many rounds look at what is new alone, then one looks at everything.
ROUNDS = 64


def made_to_serve(app: Flask) -> Flask:
    """Return the application with the collector kept out of its answers, all of it loaded."""
    app.wsgi_app = BetweenAnswers(app.wsgi_app)  # type: ignore[method-assign]
    settle()
    return app


class BetweenAnswers:
    """Runs an application, and the collector's full rounds once nobody is being answered.

    Library and quotes are hundreds of thousands of objects; a full round looks at each of them and
    takes longer than any page. A server that is never idle has them come as they come.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._lock = Lock()
        self._answering = 0
        self._rounds = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        with self._lock:
            self._answering += 1
        try:
            answer = self._app(environ, start_response)
        except BaseException:
            self._answered()
            raise
        # Servers close an answer when its last byte is on its way.
        return ClosingIterator(answer, self._answered)

    def _answered(self) -> None:
        with self._lock:
            self._answering -= 1
            if self._answering == 0 and is_full_round_near():
                self._rounds += 1
                settle(thoroughly=self._rounds % ROUNDS == 0)
