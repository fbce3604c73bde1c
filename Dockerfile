# One image for web, worker, beat and migrate. Built from the lock file alone: every package is
# checked by its hash. Pin DEBIAN to a digest where images are mirrored.
ARG DEBIAN=debian:12-slim

FROM ${DEBIAN} AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
COPY requirements.lock /build/
RUN python3 -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
      -r /build/requirements.lock
COPY . /app
WORKDIR /app
# The key is needed to read the settings and is used for nothing: it stays in this stage.
RUN MINGGOU_SECRET_KEY=for-collectstatic-only-and-never-in-the-final-image-0000 \
    MINGGOU_DATA=/build/data MINGGOU_STATIC=/opt/static \
    /opt/venv/bin/python manage.py collectstatic --no-input \
 && rm -rf /opt/venv/pycache && /opt/venv/bin/python -m compileall -q /app

FROM ${DEBIAN}
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 libpango-1.0-0 libpangoft2-1.0-0 \
      libharfbuzz-subset0 fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin minggou \
 && install -d -o 10001 -g 10001 -m 0750 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/static /opt/static
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1 \
    MINGGOU_STATIC=/opt/static XDG_CACHE_HOME=/tmp HOME=/tmp
WORKDIR /app
USER 10001:10001
VOLUME /data
CMD ["python", "manage.py", "check", "--deploy"]
