#!/bin/sh
# On Debian as root: installs what some tests need: PostgreSQL, Chromium, Ceph for its S3 server,
# and what builds and runs the image without a Docker engine. Elsewhere it leaves everything as it is, and the tests name what is missing.
set -eu

has_postgres() {
    command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

wanted=
has_postgres || wanted="$wanted postgresql"
command -v chromium >/dev/null || wanted="$wanted chromium"
command -v radosgw >/dev/null || wanted="$wanted radosgw ceph-mon ceph-osd"
for program in buildah podman runc debootstrap; do
    command -v $program >/dev/null || wanted="$wanted $program"
done

if [ -n "$wanted" ] && [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
    echo "Installing for the tests:$wanted"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  the names are words of their own
    { apt-get update -qq && apt-get install -qq --no-install-recommends $wanted >/dev/null; } ||
        echo "They could not be installed; the tests that need them will say so." >&2
fi
