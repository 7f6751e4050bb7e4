# The app as an ordinary user; nothing but /cache and /tmp is written, so the root file system may be read-only (compose.yaml).
#
#   docker build -t embeddings-visualizer .
#   docker run --read-only --tmpfs /tmp -v embeddings-cache:/cache -p 127.0.0.1:8501:8501 embeddings-visualizer
#
# The CPU build of torch is enough; where pip would fetch the large one, name an index that has it:
#   docker build --build-arg PIP_EXTRA_INDEX_URL=<index with CPU builds> -t embeddings-visualizer .

FROM python:3.11-slim AS wheel
WORKDIR /source
COPY . .
RUN pip wheel --no-cache-dir --no-deps -w /wheels .

FROM python:3.11-slim
ARG PIP_EXTRA_INDEX_URL=
COPY constraints.txt /tmp/constraints.txt
COPY --from=wheel /wheels /tmp/wheels
RUN pip install --no-cache-dir -c /tmp/constraints.txt "$(echo /tmp/wheels/*.whl)[app,film]" \
    && rm -r /tmp/constraints.txt /tmp/wheels \
    && useradd --uid 10001 --home-dir /cache app \
    && install -d -o app -g app /cache
ENV HOME=/cache \
    XDG_CACHE_HOME=/cache \
    EMBEDDINGS_VISUALIZER_CACHE=/cache/computed \
    MPLCONFIGDIR=/cache/matplotlib \
    PYTHONDONTWRITEBYTECODE=1
USER app
VOLUME /cache
EXPOSE 8501
HEALTHCHECK --interval=10s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=5)"]
CMD ["embeddings-visualizer", "--server.address", "0.0.0.0", "--server.headless", "true"]
