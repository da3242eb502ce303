#!/bin/sh
# Makes .venv with exactly the locked dependencies, or says in one sentence what the machine lacks.
set -eu
cd "$(dirname "$0")/.."

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    echo "Liggare needs Python 3.11 or later, and none is on PATH. Install it, or name it: make PYTHON=/path/to/python3" >&2
    return 1
}

make_venv() {
    if ! "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; then
        version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "Python $version at $1 has no venv module. On Debian and Ubuntu: apt install python$version-venv" >&2
        echo "(or python3-venv, where python3 is $version). Then run the same make command again." >&2
        return 1
    fi
    echo "Making .venv with $1"
    "$1" -m venv --clear .venv
}

if ! new_enough .venv/bin/python || [ ! -x .venv/bin/pip ]; then
    python=$(find_python)
    make_venv "$python"
fi
echo "Fetching the locked dependencies"
if ./tools/uv.sh pip sync --quiet --compile-bytecode --require-hashes --python .venv/bin/python requirements-dev.txt; then
    exit 0
fi
# pip knows a mirror that the machine's own pip settings name; uv does not read those.
echo "uv could not fetch them; trying pip with this machine's own settings"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
