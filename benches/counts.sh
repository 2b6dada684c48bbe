#!/usr/bin/env bash
# Instructions per call of every side of every job, counted by callgrind, as a table.
# usage: counts.sh [JOB-PREFIX]
set -euo pipefail
cd "$(dirname "$0")"

# The spec of the peer iso8583_rs, which .cargo/config.toml names where cargo starts the program.
export SPEC_FILE=$PWD/iso8583_rs.yaml

cargo build --release --locked --quiet --bin counts
counts=${CARGO_TARGET_DIR:-target}/release/counts

instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='counts::repeat*' "$counts" "$@" 2>&1 |
        sed -n 's/.*Collected : //p'
}

printf '| job | side | instructions | ours is so many times as much |\n|---|---|---:|---:|\n'
"$counts" | while IFS=$'\t' read -r job side; do
    # A line without a side is that peer telling where it reads its spec.
    [[ $side && $job == "${1-}"* ]] || continue
    # What both runs have in common, first uses above all, is not the job's.
    few=$(instructions "$job" "$side" 10 </dev/null)
    many=$(instructions "$job" "$side" 110 </dev/null)
    each=$(((many - few + 50) / 100))
    [[ $side == ours ]] && ours=$each
    ratio=$(awk -v ours="$ours" -v each="$each" 'BEGIN { printf "%.2f", ours / each }')
    [[ $side == ours ]] && ratio=
    printf '| %s | %s | %d | %s |\n' "$job" "$side" "$each" "$ratio"
done
