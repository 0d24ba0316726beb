# Dikkat in a container: docs/hosting.md. `docker build -t dikkat .`
#
# Two stages: the first installs, the second holds what came of it, the app and nginx. The models'
# weights lie in the packages and in models/checkpoints: nothing is downloaded while it runs.
ARG DEBIAN=12.12-slim

FROM debian:${DEBIAN} AS packages
# PyTorch's own index has its CPU build, which is gigabytes smaller; empty: as pip is set up.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
# SMALL=1 leaves SmolLM2 out: 98 MB here, and 0.6 GB of memory once somebody opens it.
ARG SMALL=
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/dikkat
WORKDIR /build
COPY requirements.txt requirements-small.txt constraints.txt ./
RUN /opt/dikkat/bin/pip install ${TORCH_INDEX:+--extra-index-url $TORCH_INDEX} -r requirements.txt
RUN test -n "$SMALL" || /opt/dikkat/bin/pip install --no-deps -r requirements-small.txt
RUN /opt/dikkat/bin/pip uninstall -y pip

FROM debian:${DEBIAN}
RUN apt-get update \
 && apt-get install -y --no-install-recommends nginx python3 \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 1000 --user-group --create-home dikkat \
 && install -d -o dikkat -g dikkat -m 0700 /data
COPY --from=packages /opt/dikkat /opt/dikkat
WORKDIR /app
COPY .streamlit .streamlit
COPY app.py LICENSE THIRD_PARTY.md ./
COPY deploy deploy
COPY tools tools
COPY models models
COPY viz viz
COPY text text
COPY pages pages
# Compiled now, since nobody may write here later.
RUN /opt/dikkat/bin/python -m compileall -q -j 0 /app
# What is prepared once for all who come is prepared here, in a RUN of its own, while this is built.

ENV PATH=/opt/dikkat/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false \
    DIKKAT_MODE=public DIKKAT_DATA=/data DIKKAT_LOG=json
USER 1000:1000
VOLUME ["/data"]
# 7860 is what Hugging Face's Spaces ask by; 9090 answers /0/metrics where DIKKAT_METRICS=true.
EXPOSE 7860 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/health/live')"]
ENTRYPOINT ["python", "-m", "deploy.serve", "--host", "0.0.0.0", "--port", "7860", "--metrics-port", "9090"]
