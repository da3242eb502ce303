#!/bin/sh
# Runs uv: the one on PATH, else one that pip puts into .venv.
set -eu
cd "$(dirname "$0")/.."
if command -v uv >/dev/null 2>&1; then
    exec uv "$@"
fi
if [ ! -x .venv/bin/uv ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
fi
exec .venv/bin/uv "$@"
