"""The emulator of the AWS API with a clock that can be set, so that an estate has a past and is the same each time.

python emulator.py PORT, then GET /clock?now=2026-11-01T00:00:00Z.
"""

import sys
from urllib.parse import parse_qs

from freezegun import freeze_time
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import run_simple

START = "2026-11-01T06:00:00"


def with_clock(app, clock):
    """Answers /clock itself and hands every other request on."""

    def answer(environ, start_response):
        if environ["PATH_INFO"] != "/clock":
            return app(environ, start_response)
        clock.move_to(parse_qs(environ["QUERY_STRING"])["now"][0])
        start_response("204 No Content", [])
        return []

    return answer


def main(port):
    app = DomainDispatcherApplication(create_backend_app)
    with freeze_time(START) as clock:
        run_simple(
            "127.0.0.1",
            port,
            with_clock(app, clock),
            threaded=True,
            request_handler=MotoRequestHandler,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]))
