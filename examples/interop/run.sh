#!/usr/bin/env bash
# Sets paytool against other people's programs; README.md says what each script proves.
#
#   ./run.sh [PAYTOOL]           builds paytool if no path is given
#   INTEROP=require ./run.sh     a peer that cannot be installed is an error, not a line at the end
#
# Exit status 1 if a peer disagrees. Nothing is left behind but tshark, if it was missing and could be installed.
set -euo pipefail
[[ $# -eq 0 ]] || paytool=$(realpath "$1")
[[ $# -eq 0 || -x $paytool ]] || { echo "run.sh: $1 is no program" >&2; exit 2; }
cd "$(dirname "$0")/../.."
scripts=examples/interop
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYTHONDONTWRITEBYTECODE=1

if [[ -z ${paytool:-} ]]; then
    cargo build --locked --release -q -p paytool
    paytool=${CARGO_TARGET_DIR:-target}/release/paytool
fi

agreed=() disagreed=() not_run=()

# What a failed command gave as its error, or said last.
why() { grep -m 1 -E '^(ERROR|E):' "$work/log" || grep . "$work/log" | tail -n 1 || echo "it cannot be installed"; }

# A place for packages: a virtual environment, or a folder where there is none to be had.
python=python3 place=()
if python3 -m venv "$work/venv" >"$work/log" 2>&1; then
    python=$work/venv/bin/python
else
    export PYTHONPATH=$work/packages
    place=(--target "$work/packages")
fi

# A package, and the ones that it needs.
install_package() {
    local name
    for name in "$@"; do grep "^$name==" "$scripts/requirements.txt"; done >"$work/$1.txt"
    "$python" -m pip install --disable-pip-version-check --retries 2 --require-hashes --no-deps --only-binary :all: \
        "${place[@]}" -r "$work/$1.txt" >"$work/log" 2>&1
}

# The release whose differences the script knows.
install_tshark() {
    command -v tshark >/dev/null || install_tshark_package || return 1
    tshark --version 2>/dev/null | head -n 1 | tee "$work/log" | grep -q ' 4\.0\.' && return
    sed -i '1s/^/the script is for release 4.0 and not for /' "$work/log"
    return 1
}

install_tshark_package() {
    echo "no tshark, and no root and apt-get to install it" >"$work/log"
    [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null || return 1
    # Even an old list of packages may do.
    timeout 120 apt-get update >"$work/log" 2>&1 || true
    if ! apt-cache policy tshark | grep -q 'Candidate: 4\.0\.'; then
        echo "the script is for release 4.0, which this system does not offer" >"$work/log"
        return 1
    fi
    DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y --no-install-recommends tshark >"$work/log" 2>&1
}

# The name of a peer, the script, and what installs the peer.
against() {
    local peer=$1 script=$2
    shift 2
    if ! command -v python3 >/dev/null; then
        not_run+=("$peer: no python3")
    elif ! "$@"; then
        not_run+=("$peer: $(why)")
    elif timeout 300 "$python" "$scripts/$script" "$paytool"; then
        agreed+=("$peer")
    else
        disagreed+=("$peer")
    fi
}

against pyiso8583 pyiso8583_peer.py install_package pyiso8583
against tshark tshark_peer.py install_tshark
against cardutil cardutil_peer.py install_package cardutil
against pyemv pyemv_peer.py install_package pyemv
against psec psec_peer.py install_package psec cryptography cffi pycparser
against 'psec, key blocks' psec_keyblock_peer.py install_package psec cryptography cffi pycparser

for peer in "${agreed[@]}"; do echo "interop: agrees: $peer"; done
for peer in "${disagreed[@]}"; do echo "interop: DISAGREES: $peer"; done
for peer in "${not_run[@]}"; do echo "interop: NOT RUN: $peer"; done
[[ ${#disagreed[@]} -eq 0 ]] || exit 1
[[ ${#not_run[@]} -eq 0 || ${INTEROP:-} != require ]] || exit 1
