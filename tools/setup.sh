#!/bin/sh
# Creates .venv with the packages of requirements/run.txt or dev.txt: `sh tools/setup.sh run|dev`.
# It changes nothing outside the checkout except the package cache, and downloads no Python.
set -eu

kind=$1
wanted=requirements/$kind.txt
python=.venv/bin/python
stamp=.venv/installed
log=.venv/setup.log
needed_mb=4096

stop() {
    printf 'Cannot set up: %s\n' "$1" >&2
    exit 1
}

# The stamp is written last: without it, .venv is incomplete and is created again.
describe_state() {
    printf '%s %s\n' "$1" "$(cat requirements/setup.txt "requirements/$1.txt" | cksum)"
}

is_current() {
    [ -f "$stamp" ] && "$python" -c '' 2>/dev/null || return 1
    read -r line <"$stamp"
    # dev.txt contains all packages of run.txt, in the same versions.
    [ "$line" = "$(describe_state "$kind")" ] || [ "$line" = "$(describe_state dev)" ]
}

is_right_python() {
    "$1" -c 'import sys; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3.12 python3.13 python3 python \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[23].*/bin/python3 \
        "$HOME"/.local/share/uv/python/cpython-3.1[23]*/bin/python3}; do
        if is_right_python "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    stop "Python 3.12 or 3.13 is needed and was not found. Install it, or give its path: make PYTHON=/path/to/python3.12 $goal"
}

check_disk() {
    free_mb=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
    [ "$free_mb" -ge "$needed_mb" ] ||
        stop "about $needed_mb MB of disk space are needed here, and only $free_mb MB are free."
}

make_venv() {
    found=$(find_python)
    "$found" -c 'import ensurepip, venv' 2>/dev/null ||
        stop "$found has no venv module. On Debian and Ubuntu: apt install python3-venv"
    echo "Creating .venv with $("$found" -V)"
    "$found" -m venv --clear .venv
}

explain() {
    cat "$log" >&2
    if grep -qi 'no space left' "$log"; then
        stop 'the disk is full.'
    elif grep -qiE 'connect|resolve|timed out|dns|network|unreachable|no matching distribution|failed to fetch' "$log"; then
        stop 'the Python packages could not be downloaded. Check the network, or set your own index in PIP_INDEX_URL.'
    fi
    stop 'the Python packages could not be installed: see above.'
}

install() {
    "$python" -m pip install --quiet --disable-pip-version-check --require-hashes \
        --requirement requirements/setup.txt >"$log" 2>&1 || explain
    .venv/bin/uv pip sync --quiet --python "$python" --require-hashes "$wanted" >"$log" 2>&1 || explain
}

goal=setup
[ "$kind" = run ] || goal=test
export UV_PYTHON_DOWNLOADS=never
# uv reads only its own variables, so give it pip's index too.
[ -z "${PIP_INDEX_URL:-}" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"
export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-120}"

if is_current; then
    exit 0
fi
check_disk
if [ ! -f "$stamp" ] || ! is_right_python "$python"; then
    make_venv
fi
rm -f "$stamp"
echo "Installing $wanted (the first time it downloads about 3 GB and takes minutes)"
install
describe_state "$kind" >"$stamp"
