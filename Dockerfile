# One image for everything Pacesetter is. Node builds the dashboard, Python the package; the last stage holds the result
# and no tool to build with. It runs as a user without rights, on a root that nobody can write to: all state is in /data.

FROM node:22-slim AS dashboard
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim AS package
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/pacesetter
ENV PATH=/opt/pacesetter/bin:$PATH
COPY requirements.lock /build/
RUN pip install --require-hashes -r /build/requirements.lock
WORKDIR /build
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY src/ src/
COPY --from=dashboard /build/src/pacesetter/web/dashboard/ src/pacesetter/web/dashboard/
RUN pip install --no-deps --no-build-isolation . && python -m compileall -q /opt/pacesetter/lib

FROM python:3.11-slim
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin pacesetter \
 && install -d -o pacesetter -g pacesetter -m 0700 /data
COPY --from=package /opt/pacesetter /opt/pacesetter
ENV PATH=/opt/pacesetter/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    NUMBA_CACHE_DIR=/data/.cache/numba \
    MPLCONFIGDIR=/tmp/matplotlib \
    PACESETTER_HOME=/data \
    PACESETTER_HOST=0.0.0.0 \
    PACESETTER_PORT=8000 \
    PACESETTER_OWNER_PASSWORD_FILE=/data/owner-password
USER pacesetter
WORKDIR /data
VOLUME /data
EXPOSE 8000
# The first start brings prices and ranks before it listens, and compiles its kernels.
HEALTHCHECK --interval=15s --timeout=5s --start-period=5m \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/api/v1/health/live', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["pacesetter"]
CMD ["up"]
