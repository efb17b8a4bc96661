# Vanish: one image, its roles by command (platform/processes/roles.py). What lies in
# infra/image/mirror is taken instead of being downloaded.
ARG PYTHON_IMAGE=docker.io/library/python:3.12-slim

# Python packages, by their hashes. Neither pip nor uv reaches the last stage.
FROM ${PYTHON_IMAGE} AS packages
WORKDIR /build
COPY requirements/setup.txt requirements/run.txt requirements/image.txt requirements/
RUN python -m venv tools \
    && tools/bin/python -m pip install --quiet --no-cache-dir --disable-pip-version-check \
        --require-hashes --requirement requirements/setup.txt --requirement requirements/image.txt \
    && tools/bin/uv venv --quiet --python "$(command -v python)" /opt/vanish/venv \
    && tools/bin/uv pip sync --quiet --no-cache --python /opt/vanish/venv/bin/python \
        --require-hashes --compile-bytecode requirements/run.txt \
    # Headers, for programs that are compiled against TensorFlow.
    && rm -rf /opt/vanish/venv/lib/python*/site-packages/tensorflow/include

# Weights, with their digests checked. MAY_BE_MISSING names those that the image may lack.
FROM packages AS weights
ARG MAY_BE_MISSING=""
COPY platform/vision platform/vision
COPY infra/image/weights.py infra/image/authority.py ./
COPY infra/image/mirror mirror
# The names are words of their own.
# hadolint ignore=SC2086
RUN PYTHONPATH=platform /opt/vanish/venv/bin/python weights.py /opt/vanish/models mirror/models ${MAY_BE_MISSING} \
    && python authority.py /opt/vanish/rds.pem mirror/rds.pem \
    && chmod -R a+rX /opt/vanish/models /opt/vanish/rds.pem

# The code, its static files under hashed names, and the example library.
FROM packages AS site
WORKDIR /opt/vanish
COPY manage.py LICENSE THIRD_PARTY.md ./
COPY platform platform
COPY apps apps
COPY templates templates
COPY assets assets
COPY docs/*.md docs/
COPY infra/image/examples.py infra/image/mirror /build/
RUN export VANISH_DATA_DIR=/build/data VANISH_STATIC_DIR=/opt/vanish/static \
        VANISH_EXAMPLE_MIRROR=/build/examples PYTHONPATH=platform:apps PYTHONSAFEPATH=1 \
        DJANGO_SETTINGS_MODULE=config.settings \
    && venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && venv/bin/python /build/examples.py \
    && mv /build/data/examples /opt/vanish/examples \
    # They are never written again, so nobody needs to look whether they are old.
    && venv/bin/python -m compileall -q --invalidation-mode unchecked-hash platform apps \
    # A checkout may have been made for its owner's eyes alone.
    && chmod -R a+rX /opt/vanish

# What every role runs on: no compiler, no package manager of Python's.
FROM ${PYTHON_IMAGE} AS runtime
# Debian keeps only the newest of a release's packages, so no version can be named.
# hadolint ignore=DL3008
RUN apt-get update -qq \
    && apt-get install -qq --yes --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
        /usr/local/bin/pip* /usr/local/lib/python3*/site-packages/pip* \
    && groupadd --gid 10001 vanish \
    && useradd --uid 10001 --gid vanish --no-create-home --home-dir /tmp --shell /usr/sbin/nologin vanish \
    && install -d -o vanish -g vanish -m 700 /data
COPY --from=packages /opt/vanish/venv /opt/vanish/venv
COPY --from=weights /opt/vanish/models /opt/vanish/models
COPY --from=weights /opt/vanish/rds.pem /opt/vanish/rds.pem

# What it is made of: CycloneDX, at /opt/vanish/sbom.json.
FROM runtime AS sbom
COPY --from=packages /build/tools /build/tools
COPY infra/image/sbom.py /build/
RUN packages="$(/opt/vanish/venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" \
    && /build/tools/bin/python /build/sbom.py /build/sbom.json "$packages" /opt/vanish/models

FROM runtime
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Vanish" \
    org.opencontainers.image.description="Makes things disappear from photos: web server, workers and migrations" \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.revision="${REVISION}"
COPY --from=site /opt/vanish/examples /opt/vanish/examples
COPY --from=site /opt/vanish/static /opt/vanish/static
COPY --from=sbom /build/sbom.json /opt/vanish/sbom.json
COPY --from=site /opt/vanish/manage.py /opt/vanish/LICENSE /opt/vanish/THIRD_PARTY.md /opt/vanish/
COPY --from=site /opt/vanish/templates /opt/vanish/templates
COPY --from=site /opt/vanish/platform /opt/vanish/platform
COPY --from=site /opt/vanish/apps /opt/vanish/apps
COPY --from=site /opt/vanish/assets /opt/vanish/assets
COPY --from=site /opt/vanish/docs /opt/vanish/docs
ENV PATH=/opt/vanish/venv/bin:$PATH \
    PYTHONPATH=/opt/vanish/platform:/opt/vanish/apps \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    HOME=/tmp \
    PORT=8000 \
    VANISH_BIND=0.0.0.0 \
    VANISH_DATA_DIR=/data \
    VANISH_STATIC_DIR=/opt/vanish/static \
    VANISH_MODEL_MIRROR=/opt/vanish/models \
    VANISH_EXAMPLE_MIRROR=/opt/vanish/examples
WORKDIR /opt/vanish
USER 10001:10001
# All that is ever written to: the root file system may be read-only.
VOLUME ["/data", "/tmp"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --retries=3 \
    CMD ["python", "-m", "processes.health_check"]
ENTRYPOINT ["/usr/bin/tini", "-s", "--", "python", "-m", "processes.roles"]
