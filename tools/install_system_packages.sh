#!/bin/sh
# Installs the system packages that some tests need: PostgreSQL, Chromium, Ceph (its S3 server), and
# programs that build and run the image without a Docker engine. It needs Debian and root; elsewhere
# it does nothing, and the tests name what is missing.
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
    # shellcheck disable=SC2086  each name must be a separate word
    { apt-get update -qq && apt-get install -qq --no-install-recommends $wanted >/dev/null; } ||
        echo "The packages could not be installed; the tests that need them will report it." >&2
fi
