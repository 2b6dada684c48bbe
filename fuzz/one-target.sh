#!/usr/bin/env bash
# Builds one fuzz target and runs it.
#
#   fuzz/one-target.sh TARGET SECONDS FOUND CRASHES
#
# New inputs go to the folder FOUND, those that crash to CRASHES; the kept corpus is only read. On stable Rust, with the flags that
# cargo-fuzz would pass.
set -euo pipefail

[[ $# -eq 4 ]] || { echo "usage: fuzz/one-target.sh TARGET SECONDS FOUND CRASHES" >&2; exit 2; }
target=$1 seconds=$2 found=$(realpath "$3") crashes=$(realpath "$4")
cd "$(dirname "$0")"
[[ -d corpus/$target ]] || { echo "fuzz: no target $target; fuzz/README.md lists them" >&2; exit 1; }
command -v c++ >/dev/null || { echo "fuzz: no C++ compiler: apt-get install g++" >&2; exit 1; }

host=$(rustc -vV | sed -n 's/^host: //p')
RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Zsanitizer=address -Cdebug-assertions --cfg fuzzing" \
    cargo build --locked --release --target "$host" --bin "$target"
"${CARGO_TARGET_DIR:-target}/$host/release/$target" "$found" "corpus/$target" \
    -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2560 -artifact_prefix="$crashes/" -print_final_stats=1
