"""The application for a WSGI server."""

from dealdesk.web.app import create_app

application = create_app()
