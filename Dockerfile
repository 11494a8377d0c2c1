# Build:  docker build -t prewarm-bot .
# Run:    docker run --read-only --env-file .env -v prewarm-data:/data prewarm-bot
# Demo:   docker run --rm -t --read-only --network host prewarm-bot demo    (its page answers on loopback only)

FROM python:3.13-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv /opt/prewarm-bot
COPY requirements.lock ./
RUN /opt/prewarm-bot/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
# The build backend came with the lock, so nothing is fetched here. Neither it nor pip is needed afterwards.
RUN /opt/prewarm-bot/bin/pip install --no-deps --no-build-isolation . \
    && /opt/prewarm-bot/bin/pip uninstall --yes setuptools pip

FROM python:3.13-slim-trixie
# A number for the user lets Kubernetes check runAsNonRoot; a new volume takes owner and mode of the folder.
RUN groupadd --gid 10001 prewarm \
    && useradd --uid 10001 --gid prewarm --home-dir /data --no-create-home --shell /usr/sbin/nologin prewarm \
    && install --directory --owner=prewarm --group=prewarm --mode=0700 /data
COPY --from=build /opt/prewarm-bot /opt/prewarm-bot
ENV PATH=/opt/prewarm-bot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PREWARM_DATA_DIR=/data \
    PREWARM_HTTP_HOST=0.0.0.0
USER 10001:10001
# With a read-only root and no /tmp the demo's temporary folder is made in the working directory.
WORKDIR /data
VOLUME /data
EXPOSE 8080
# Past any proxy of the environment; with port 0 there is nothing to ask.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", "\
import os, urllib.request as request; \
port = os.environ.get('PREWARM_HTTP_PORT') or '8080'; \
port == '0' or request.build_opener(request.ProxyHandler({})).open(f'http://127.0.0.1:{port}/healthz', timeout=4)"]
# Exec form: SIGTERM reaches the bot, not a shell.
ENTRYPOINT ["prewarm-bot"]
CMD ["run"]
