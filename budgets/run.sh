#!/usr/bin/env bash
# Measures the flash, the stack and the instructions of each use on a Cortex-M4F in QEMU, and holds them against budgets.toml.
# usage: run.sh           check: fails where a promise or a recorded figure is passed
#        run.sh record    writes what was measured into budgets.toml
set -euo pipefail
cd "$(dirname "$0")"

target=thumbv7em-none-eabihf
mode=${1:-check}
[[ $mode == check || $mode == record ]] || { echo "usage: budgets/run.sh [record]" >&2; exit 2; }

rustup target list --installed | grep -qx "$target" ||
    { echo "budgets: no $target: rustup target add $target" >&2; exit 1; }
command -v qemu-system-arm >/dev/null ||
    { echo "budgets: no qemu-system-arm: apt-get install -y --no-install-recommends qemu-system-arm" >&2; exit 1; }

cargo build --release --locked --quiet --target "$target" --bins
images=${CARGO_TARGET_DIR:-target}/$target/release

# Virtual time is a nanosecond an instruction, so the machine's clock counts instructions, and the same ones in every run.
run() {
    local told
    told=$(timeout 60 qemu-system-arm -machine mps2-an386 -display none -serial none -monitor none \
        -semihosting-config enable=on,target=native -icount shift=0,align=off,sleep=off -kernel "$images/$1" 2>&1) ||
        { printf '%s\nbudgets: the image %s failed; above is what it said\n' "$told" "$1" >&2; exit 1; }
    printf '%s\n' "$told"
}

measured=$(mktemp)
trap 'rm -f "$measured" "$measured.new"' EXIT
for use in $(sed -n 's/^\[\(.*\)\]$/\1/p' budgets.toml); do
    run "floor-$use" | sed "s/^/$use floor /"
    run "$use" | sed "s/^/$use use /"
done >"$measured"

if [[ $mode == record ]]; then
    awk -f record.awk "$measured" budgets.toml >"$measured.new"
    cp "$measured.new" budgets.toml
fi
awk -f check.awk budgets.toml "$measured"
