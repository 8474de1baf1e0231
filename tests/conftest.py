"""What tests may ask for: real servers, the running site, a browser."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db.backends.base.operations import BaseDatabaseOperations
from playwright.sync_api import BrowserContext, Page

from members import confined
from notices import pdf
from tests.servers.databases import Databases
from tests.servers.history import flush_with_history
from tests.servers.redis import RedisServer
from tests.servers.site import Site
from tests.servers.smtp import SmtpSink

# Looking for garbage after every 700 new objects takes a tenth of a run.
gc.set_threshold(100_000, 20, 20)
# Playwright runs an event loop in the tests' thread; Django would refuse its database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytest_plugins = ["tests.cast", "tests.scene", "tests.prefecture"]

DATABASE_URL = os.environ.get("DATABASE_URL", "")

# Files that take minutes: begun first, so that no process is left alone with one in the end.
LONGEST = ("test_scanners.py", "test_isolation.py", "test_nothing_recorded.py", "test_whole_way.py", "test_access.py")
# What is the same on every database, because it uses none or because it takes long and looks at what pages show.
ONCE = (
    *("intake/", "screen/", "members/uploads/", "members/loading/test_values.py", "members/test_sheets.py"),
    *("members/test_codes.py", "members/test_names.py", "test_wareki.py", "test_docnumber.py", "test_secrets.py"),
    *("distribution/bounces/test_reading.py", "test_pdf.py", "test_pdf_contents.py", "letters/test_letter.py"),
    "letters/approval/test_differences.py",
    *("faults/test_servers.py", "faults/test_processes.py", "faults/test_releases.py"),
    *("test_architecture.py", "test_logs.py", "test_isolation.py", "test_nothing_recorded.py", "test_access.py"),
    *("test_scanners.py", "test_scanning_browser.py", "test_lists.py", "intake_site/test_screen.py"),
    *("intake_site/test_paper.py", "intake_site/test_issuing_paper.py", "test_pdf_text.py", "test_sheet_code.py"),
    *("tracking/test_phone.py", "tracking/test_on_behalf_phone.py", "tracking/test_replies_browser.py"),
    *("letters/test_typed_browser.py", "letters/test_looks_page.py"),
    *("journeys/", "letters/approval/test_pages.py", "letters/test_binding.py", "letters/test_bound_browser.py"),
    "intake_site/test_uploading_browser.py",
    *(
        "boards/test_prints.py",
        "letters/test_manual.py",
        "letters/test_sentences.py",
        "test_bad_input.py",
        "test_logs_of_processes.py",
    ),
    *("letters/test_check_page.py", "letters/test_compose_page.py", "letters/test_recipients_page.py"),
    *("letters/test_steps_page.py", "letters/test_enclosures_page.py", "letters/test_rehearsal_page.py"),
    *(
        "search/test_pages.py",
        "boards/reports/test_pages.py",
        "boards/reports/test_live_browser.py",
        "members/seals/test_site.py",
        "test_production.py",
    ),
    *("test_pages.py", "test_files_served.py", "members/test_duties.py", "members/test_passkeys.py"),
    *("distribution/test_filling.py", "distribution/test_sheets.py", "letters/test_bound_release.py"),
    *("letters/test_schedule_page.py", "letters/test_correction_page.py", "demonstration/"),
    *("passing/test_pages.py", "passing/test_boards.py", "passing/test_superseded.py", "boards/test_archive.py"),
    *("distribution/test_superseding.py", "distribution/test_commands.py", "distribution/test_fax.py"),
    *("distribution/test_pages.py", "tracking/test_on_behalf_pages.py", "tracking/test_personal_pages.py"),
    *("boards/test_board.py", "boards/test_district.py", "boards/test_records.py"),
    *("search/test_folding.py", "search/test_words.py", "search/test_excerpts.py"),
    *("passing/test_following_up.py", "passing/test_step_in.py", "passing/test_step_notes.py"),
    *("tracking/test_calendars.py", "tracking/test_step_notes.py"),
    *("reminders/test_workdays.py", "reminders/test_letter.py", "reminders/test_pages.py", "reminders/test_year.py"),
    *("intake_site/test_blank_pages.py", "intake_site/test_leaving_out.py", "intake_site/test_several.py"),
    *("intake_site/test_registering_page.py", "letters/approval/test_paper.py", "letters/approval/test_seen.py"),
    *("members/test_editing.py", "members/test_factors.py", "passing/test_questions_asked_again.py"),
    *("passing/test_reports.py", "distribution/test_printing.py", "boards/test_today_page.py"),
)
TESTS = Path(__file__).parent
TYPESET: dict[tuple, bytes] = {}
TYPESETTING = Lock()  # a live server has threads, Pango wants one


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)
    for item in items:
        if item.path.relative_to(TESTS).as_posix().startswith(ONCE):
            item.add_marker("once")


# Servers --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def redis_server() -> Iterator[RedisServer]:
    """A private Redis: by the socket that the tests' settings name, and by `redis_server.fresh_url()`."""
    server = RedisServer(settings.VAR_DIR)
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Counters of earlier tests (tries at sign-in, say) do not count."""
    cache.clear()


@pytest.fixture(autouse=True)
def papers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are typeset by the code of the site, but in the tests' own process, and the same one only once.

    To begin a child costs more than most letters. What tests about the rendering itself see is made in a child as
    always, and so is what a test gives other limits or another place, and what fails.
    """
    if request.path.name.startswith("test_pdf"):
        return
    usual = (confined.ROOT, settings.PDF_WRITING_SECONDS, settings.PDF_WRITING_BYTES)
    monkeypatch.setattr(pdf, "render", partial(typeset, pdf.render, usual))


def typeset(render: Callable[..., bytes], usual: tuple, html: str, **how: object) -> bytes:
    limits = (confined.ROOT, settings.PDF_WRITING_SECONDS, settings.PDF_WRITING_BYTES)
    key = (html, *limits, *sorted(how.items()))
    if key not in TYPESET:
        here = limits == usual and how.keys() <= {"tagged"}
        TYPESET[key] = (here and typeset_here(html, **how)) or render(html, **how)
    return TYPESET[key]


def typeset_here(html: str, *, tagged: bool = True) -> bytes:
    """The PDF; nothing where it cannot be made, which the child has to say."""
    with TYPESETTING:
        try:
            return pdf.in_child(html.encode(), pdf.TAGGED if tagged else "")
        except Exception:
            return b""


@pytest.fixture(scope="module")
def smtp_sink() -> Iterator[SmtpSink]:
    """A real SMTP server, empty at the start of each module; `smtp_sink.url` is its EMAIL_URL."""
    sink = SmtpSink()
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Makes databases on the PostgreSQL of this run; they end with it at the latest."""
    made = Databases(settings.DATABASES["default"], DATABASE_URL)
    yield made
    made.drop_all()


@pytest.fixture(scope="session")
def model_site(databases: Databases, redis_server: RedisServer) -> Iterator[Callable[[bool], Site]]:
    """A site that is filled with a small demonstration and never started: what the others are copied from."""
    models: dict[bool, Site] = {}

    def model(embedded: bool) -> Site:
        if embedded not in models:
            shared = {} if embedded else {"database_url": databases.make(), "redis_url": redis_server.fresh_url()}
            models[embedded] = Site(**shared)
            models[embedded].fill(districts=3, pharmacies=12)
        return models[embedded]

    yield model
    for site in models.values():
        site.remove()


@pytest.fixture(scope="module")
def start_site(
    databases: Databases, redis_server: RedisServer, model_site: Callable[[bool], Site]
) -> Iterator[Callable[..., Site]]:
    """Starts sites with a small demonstration, each with a database of its own; they end with the module.

    In the run on PostgreSQL they are shared installations (DATABASE_URL, REDIS_URL), otherwise embedded ones.
    """
    sites: list[Site] = []

    def start(email_url: str = "", embedded: bool = not DATABASE_URL) -> Site:
        model = model_site(embedded)
        database_url = "" if embedded else databases.make(like=model.database_url)
        site = Site(database_url, "" if embedded else redis_server.fresh_url(), email_url)
        sites.append(site)
        site.take(model)
        site.start()
        model.keep_collected(site)
        return site

    yield start
    for site in sites:
        site.remove()
        if site.database_url:
            databases.drop(site.database_url)


@pytest.fixture(scope="module")
def site(start_site: Callable[..., Site], smtp_sink: SmtpSink) -> Site:
    """The running site, which mails to `smtp_sink`."""
    return start_site(email_url=smtp_sink.url)


# Database -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def event_loop_first(request: pytest.FixtureRequest) -> None:
    """Starts Playwright, where some test wants it, before the first connection to the database.

    While its event loop runs, Django keeps the connections of a thread in another place. One made before would be lost
    from sight: its test's data would stay, and it would hold the test database to the end.
    """
    if any("playwright" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("playwright")


@pytest.fixture(scope="session")
def django_db_setup(event_loop_first: None, django_db_setup: None) -> None:
    """The test database, as pytest-django makes it."""


@pytest.fixture(scope="session", autouse=True)
def flushable_history() -> Iterator[None]:
    """Lets tests with real transactions empty their database, which the history's triggers refuse to everyone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_with_history)
        yield


# Browser --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Debian's Chromium, which talks to nobody but the site."""
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync"]
    return browser_type_launch_args | {"executable_path": shutil.which("chromium"), "args": quiet}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return browser_context_args | {
        "locale": "ja-JP",
        "timezone_id": "Asia/Tokyo",
        "viewport": {"width": 1440, "height": 900},
    }


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., BrowserContext]]:
    """Browser contexts as ever, but no page may ask another machine, break the content policy or have a script fail."""
    complaints: list[str] = []

    def watched(**choices: object) -> BrowserContext:
        context = new_context(**choices)
        context.on("request", lambda request: _note_foreign(request.url, complaints))
        context.on("weberror", lambda error: complaints.append(f"script error: {error.error}"))
        context.on("console", lambda line: _note_policy(line.text, complaints))
        return context

    yield watched
    assert complaints == []


def _note_foreign(url: str, complaints: list[str]) -> None:
    address = urlsplit(url)
    if address.scheme in ("http", "https") and address.hostname not in ("localhost", "127.0.0.1"):
        complaints.append(f"asked another machine: {url}")


def _note_policy(line: str, complaints: list[str]) -> None:
    if "Content Security Policy" in line:
        complaints.append(line)


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    """A page on a phone, beside the desk's `page`."""
    page = new_context(device_scale_factor=2, is_mobile=True, has_touch=True).new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    return page


# Papers ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the real packet and the letters to read; tests that want it are skipped where it is absent."""
    folder = Path(settings.BASE_DIR).parent / "shared"
    if not folder.is_dir():
        pytest.skip("no shared folder beside the project")
    return folder
