#!/bin/sh
# On Debian as root: installs what some tests need, by kind:
#   browser   Chromium
#   services  PostgreSQL, and Ceph for its S3 server
#   image     what builds and runs the image without a Docker engine
# Elsewhere it changes nothing, and the tests say what is missing.
set -eu

has_postgres() {
    command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

packages=
for kind in "$@"; do
    case $kind in
    browser) command -v chromium >/dev/null || packages="$packages chromium" ;;
    services)
        has_postgres || packages="$packages postgresql"
        command -v radosgw >/dev/null || packages="$packages radosgw ceph-mon ceph-osd"
        ;;
    image)
        for program in buildah podman runc debootstrap; do
            command -v $program >/dev/null || packages="$packages $program"
        done
        ;;
    esac
done

if [ -n "$packages" ] && [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
    echo "Installing for the tests:$packages"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  each name is a word
    { apt-get update -qq && apt-get install -qq --no-install-recommends $packages >/dev/null; } ||
        echo "They could not be installed; the tests that need them will say so." >&2
fi
