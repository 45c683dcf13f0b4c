# The application is its source tree: nothing is installed but its pinned dependencies.
#
#     docker build -t escalations:0.2.0 .
#     docker run --rm escalations:0.2.0 escalations policy check policies/default.yaml
#
# Not built yet, because no container engine was available; see docs/operations.md, "Not tested".
FROM python:3.11-slim

# Zone data comes from the tzdata package, never from the image's system.
ENV PYTHONTZPATH="" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=/app

WORKDIR /app

COPY requirements/runtime.txt requirements/
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        -r requirements/runtime.txt \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin escalations \
    && printf '#!/bin/sh\nexec python -m starter.cli "$@"\n' > /usr/local/bin/escalations \
    && chmod 755 /usr/local/bin/escalations

COPY LICENSE worker.py ./
COPY escalation/ escalation/
COPY workflows/ workflows/
COPY activities/ activities/
COPY simulation/ simulation/
COPY runtime/ runtime/
COPY starter/ starter/
COPY policies/ policies/
COPY examples/roster.yaml examples/
# Once, here: at run time nothing may be written.
RUN python -m compileall -q escalation workflows activities simulation runtime starter worker.py

USER 10001

# Exec form, so that SIGTERM reaches the worker, which then lets running activities finish.
CMD ["python", "worker.py"]
