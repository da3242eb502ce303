#!/bin/sh
# Runs uv: the one on PATH, else the locked one, which pip puts into .venv.
set -eu
cd "$(dirname "$0")/.."
if command -v uv >/dev/null 2>&1; then
    exec uv "$@"
fi
if [ ! -x .venv/bin/uv ]; then
    sed -n '/^uv==/,/[^\\]$/p' requirements-dev.txt >.venv/uv.txt
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
fi
exec .venv/bin/uv "$@"
