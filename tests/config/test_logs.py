"""What the log writers leave out."""

import json
import logging

from gunicorn.config import Config

from config.logs import AccessLogger, JsonFormatter, MaskAddresses

TOKEN = "kR3v-secret_token"
ADDRESS = f"/performance/third-party/{TOKEN}/"


def written(message: str, *args: object) -> str:
    """One line of the product's own log."""
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, args, None)
    assert MaskAddresses().filter(record)
    return json.loads(JsonFormatter().format(record))["message"]


class TestAddressesThatAreKeys:
    """A link without sign-in is in no log line."""

    def test_the_products_log_hides_the_token(self):
        assert written("Not Found: %s", ADDRESS) == "Not Found: /performance/third-party/***/"
        assert TOKEN not in written(f"Forbidden (CSRF token missing.): {ADDRESS}?a=1")

    def test_other_lines_stay_as_they_are(self):
        assert written("Not Found: %s", "/projects/1/") == "Not Found: /projects/1/"

    def test_the_access_log_hides_it_too(self):
        class Response:
            status, sent, headers = "200 OK", 10, ()

        class Request:
            headers = (("Referer", f"https://minggou.example{ADDRESS}"),)

        environ = {
            "REQUEST_METHOD": "GET",
            "RAW_URI": ADDRESS,
            "PATH_INFO": ADDRESS,
            "SERVER_PROTOCOL": "HTTP/1.1",
        }
        atoms = AccessLogger(Config()).atoms(Response(), Request(), environ, _Second())

        assert TOKEN not in str(atoms)
        assert "third-party" in atoms["r"]


class _Second:
    """A duration as the web server measures it."""

    seconds, microseconds = 1, 0
