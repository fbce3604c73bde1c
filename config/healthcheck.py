"""`python -m config.healthcheck`: does the web process here answer? Used by the container."""

import http.client
import os
import sys

HEALTHY = 200


def main() -> int:
    host = os.environ.get("MINGGOU_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        status = connection.getresponse().status
    except OSError as error:
        sys.stderr.write(f"no answer: {error}\n")
        return 1
    sys.stdout.write(f"/healthz {status}\n")
    return 0 if status == HEALTHY else 1


if __name__ == "__main__":
    sys.exit(main())
