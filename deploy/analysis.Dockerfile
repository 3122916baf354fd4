# The analysis server. Build from the top of the repository: docker build -f deploy/analysis.Dockerfile .
FROM python:3.11-slim AS packages
COPY analysis/requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /srv yousync
COPY --from=packages /venv /venv
WORKDIR /srv
COPY LICENSE NOTICE ./
COPY common ./common
COPY analysis ./analysis
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2 ENVIRONMENT=production
USER yousync
EXPOSE 8001
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8001/health/live', timeout=2)"]
CMD ["uvicorn", "analysis.app:app", "--host", "0.0.0.0", "--port", "8001", "--no-proxy-headers", "--timeout-graceful-shutdown", "4"]
