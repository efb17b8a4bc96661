#!/bin/sh
# Makes .venv-bench with what requirements/bench.txt names; needs .venv, for its Python and its uv.
set -eu
stamp=.venv-bench/installed
wanted=$(cksum <requirements/bench.txt)
[ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ] || exit 0
.venv/bin/python -c 'import sys; print(sys._base_executable)' | {
    read -r python
    "$python" -m venv --clear .venv-bench
}
# As in tools/setup.sh: an index named for pip counts for uv as well.
[ -z "${PIP_INDEX_URL:-}" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"
.venv/bin/uv pip sync --quiet --python .venv-bench/bin/python --require-hashes requirements/bench.txt
printf '%s\n' "$wanted" >"$stamp"
