# Debian 13: its client of PostgreSQL is the one of the compose file's server.
FROM python:3.11-slim-trixie

RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-dejavu-core \
        postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 10001 owes \
    && install -d -o owes -g owes /srv/var /srv/backups

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/srv/static \
    VAR_DIR=/srv/var

WORKDIR /srv/owes
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

COPY . .
# The key and the folder serve this one command and stay out of the image.
RUN OWES_DEMO=1 VAR_DIR=/tmp/collect python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/collect

USER owes
VOLUME /srv/var /srv/backups
EXPOSE 8000

# The name of a host we answer to, because any other is refused.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "-c", "\
import os, urllib.request as web; \
host = os.environ.get('ALLOWED_HOSTS', 'localhost').split(',')[0]; \
ready = 'http://127.0.0.1:8000/readyz?only=database,migrations'; \
web.urlopen(web.Request(ready, headers={'Host': host}), timeout=4)"]

CMD ["gunicorn", "owes.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--worker-class", "gthread", \
     "--threads", "4", "--no-control-socket", "--keep-alive", "75"]
