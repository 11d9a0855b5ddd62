"""The application for a WSGI server."""

from dealdesk.web.app import create_app
from dealdesk.web.serving import made_to_serve

application = made_to_serve(create_app())
