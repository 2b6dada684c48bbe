#!/usr/bin/env bash
# Measures every job and every sweep with criterion, counts every job with callgrind, and writes BENCHMARKS.md and its plots.
# Best on a machine with nothing else at work; some ten minutes.
#
#   report.sh [DATE]    the date that BENCHMARKS.md names, today's otherwise
set -euo pipefail
cd "$(dirname "$0")"

command -v valgrind >/dev/null || { echo "bench: valgrind is missing: apt-get install -y valgrind" >&2; exit 1; }

date=${1:-$(date +%F)}
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
# A folder of its own, empty at the start, so that no estimate of an earlier run is read.
export CRITERION_HOME=$target/criterion-report
rm -rf "$CRITERION_HOME"
export SPEC_FILE=$PWD/iso8583_rs.yaml

started=$SECONDS
cargo bench --locked --no-run
echo "bench: load average before the run: $(cut -d' ' -f1-3 /proc/loadavg)"
# Resamples tell criterion how sure it is of a median, which is not reported.
cargo bench --locked --quiet --bench measure -- \
    --noplot --warm-up-time 0.5 --measurement-time 2 --nresamples 2000 2> >(grep -v '^Benchmarking ' >&2) |
    # A long name stands on a line of its own before its time.
    awk '/^[^ ]/ { name = $0 } /time:/ { print /^ / ? name $0 : $0 }'
echo "bench: load average after the run: $(cut -d' ' -f1-3 /proc/loadavg)"
./counts.sh tsv >"$CRITERION_HOME/counts.tsv"
cargo run --release --locked --quiet --bin report -- "$CRITERION_HOME" "$CRITERION_HOME/counts.tsv" "$date" ..
echo "bench: BENCHMARKS.md and benches/plots are written; $((SECONDS - started)) s"
