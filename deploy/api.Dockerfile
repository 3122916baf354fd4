# The API server with the page. Build from the top of the repository: docker build -f deploy/api.Dockerfile .
FROM node:24-slim AS page
WORKDIR /build/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY web ./
COPY catalogue/scenes ../catalogue/scenes
RUN npm run build

FROM python:3.11-slim AS packages
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim
# pg_dump and pg_restore of tools/backup.py, of the same major version as the server in compose.yaml: pg_dump refuses
# a newer server, and Debian's own client is older. The script adds PostgreSQL's repository (apt.postgresql.org).
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-18 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /srv yousync && install -d -o yousync /var/lib/yousync/spool
COPY --from=packages /venv /venv
WORKDIR /srv
COPY *.py alembic.ini LICENSE NOTICE ./
COPY alembic ./alembic
COPY common ./common
COPY core ./core
COPY events ./events
COPY jobs ./jobs
COPY media ./media
COPY middleware ./middleware
COPY routers ./routers
COPY services ./services
COPY tasks ./tasks
COPY tools/__init__.py tools/backup.py ./tools/
COPY catalogue ./catalogue
COPY --from=page /build/web/dist ./web/dist
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2 \
    ENVIRONMENT=production SPOOL_DIR=/var/lib/yousync/spool WEB_CONCURRENCY=1
USER yousync
VOLUME /var/lib/yousync/spool
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000", "--no-proxy-headers", "--timeout-graceful-shutdown", "4"]
