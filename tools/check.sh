#!/bin/sh
# Every check that reads the code rather than running it; goes on after a failure and names all of them at the end.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=

check() {
    title=$1
    shift
    echo "== $title"
    "$@" || failed="$failed$title; "
}

check "lint" $bin/ruff check --quiet .
check "format" $bin/ruff format --quiet --check .
check "types" $bin/mypy
check "import contracts" $bin/lint-imports --no-logo
check "templates" $bin/djlint web/templates --lint --quiet
check "migrations: safe to run" $bin/squawk store/migrations/*.sql store/migrations/keys/[0-9]*.sql
check "migrations: equal the schema" $bin/python -m pytest --quiet -p no:cacheprovider tests/store/test_migrate.py

if [ -n "$failed" ]; then
    echo "Failed: ${failed%; }" >&2
    exit 1
fi
echo "All checks passed"
