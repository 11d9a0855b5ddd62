"""The application factory."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from dealdesk.files.storage import LocalStorage
from dealdesk.kernel.clock import SystemClock
from dealdesk.kernel.engine import make_engine
from dealdesk.kernel.settings import PROJECT, Settings, read_settings
from dealdesk.outbox.adapters.huey_queue import HueyQueue, open_huey
from dealdesk.web import (
    absences,
    account,
    accounts,
    assets,
    audit,
    clause_chooser,
    colleagues,
    components,
    contract,
    customer,
    deal,
    deal_approvals,
    deals,
    deciding,
    details,
    discussion,
    home,
    jobs,
    languages,
    library,
    library_drafts,
    library_new,
    library_update,
    merging,
    negotiation,
    order_form,
    passwords,
    people,
    policy,
    reports,
    round_review,
    share,
    share_return,
    sign_in,
    starting,
    unsaved,
    versions,
)
from dealdesk.web.access import open_to_anybody
from dealdesk.web.database import database
from dealdesk.web.desk import EXTENSION, Desk
from dealdesk.web.errors import answer_errors
from dealdesk.web.navigation import teach_navigation
from dealdesk.web.security import nonce, refuse_foreign_hosts, secure_answers
from dealdesk.web.standing import rank_chip
from dealdesk.web.visitors import find_visitor
from dealdesk.web.wording import teach_wording
from dealdesk.workflows.database import require_head
from dealdesk.workflows.deal_rulebook import load_rules

TEMPLATES = PROJECT / "templates"
# Each page family has its module; a new one adds its line here.
PAGES = (
    assets,
    languages,
    sign_in,
    passwords,
    account,
    people,
    library,
    library_drafts,
    library_new,
    library_update,
    home,
    deals,
    deciding,
    starting,
    accounts,
    deal,
    order_form,
    clause_chooser,
    details,
    unsaved,
    colleagues,
    versions,
    merging,
    deal_approvals,
    absences,
    policy,
    reports,
    audit,
    customer,
    discussion,
    negotiation,
    round_review,
    contract,
    share,
    share_return,
    jobs,
    components,
)
LARGEST_REQUEST = 10_000_000


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application; the environment's settings stand where none are given.

    Raise DomainError where settings, database or library can't be used.
    """
    found = settings or read_settings()
    app = Flask("dealdesk.web", template_folder=str(TEMPLATES), static_folder=str(assets.STATIC))
    app.config.update(
        SECRET_KEY=found.secret_key,
        SQLALCHEMY_DATABASE_URI=found.database_url,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=found.is_https,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SEND_FILE_MAX_AGE_DEFAULT=assets.A_YEAR,
        WTF_CSRF_SSL_STRICT=found.is_https,
        # A form may be typed in for hours: its token holds as long as the browser's session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    if found.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=found.proxies)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[EXTENSION] = _desk(found)
    database.init_app(app)
    refuse_foreign_hosts(app)
    find_visitor(app)
    CSRFProtect(app)
    secure_answers(app)
    answer_errors(app)
    languages.teach_languages(app)
    teach_wording(app)
    app.add_template_global(nonce, "nonce")
    app.add_template_global(assets.asset, "asset")
    app.add_template_global(rank_chip, "rank_chip")
    teach_navigation(app)
    assets.pack_static_files(app)
    for module in PAGES:
        app.register_blueprint(module.blueprint)
    open_to_anybody(app.view_functions["static"])
    return app


def _desk(settings: Settings) -> Desk:
    engine = make_engine(settings)
    require_head(engine)
    return Desk(
        settings=settings,
        engine=engine,
        rules=load_rules(settings.library),
        storage=LocalStorage(settings.stored_files),
        clock=SystemClock(),
        queue=HueyQueue(open_huey(settings)),
    )
