#!/usr/bin/env bash
# Every check of the project is a step of this script.
#
#   ./ci.sh            all steps of an ordinary run
#   ./ci.sh quick      the everyday steps: fmt clippy doc test bare-metal demo
#   ./ci.sh STEP...    single steps; `./ci.sh list` names them
#   ./ci.sh fuzz 60    fuzz longer than the ordinary 10 s a target
#   ./ci.sh bench      a criterion run, written to BENCHMARKS.md; not in an ordinary run, as seconds need a quiet machine
#   ./ci.sh weekly     what takes hours or builds cargo tools: Miri, feature sets, minimal versions, packages, licences, long fuzzing
set -euo pipefail
cd "$(dirname "$0")"

libraries=(iso8583-wire emv-tlv pinblock dukpt keyblock)
# Those that are another crate without their features.
featured=(iso8583-wire emv-tlv dukpt keyblock)
bare_metal=thumbv7em-none-eabihf
# Workspaces of their own.
apart=(benches fuzz ct ct/tables budgets no-panic no-panic/ciphers examples/firmware)
steps=(fmt clippy doc test bare-metal demo test-no-features sequences demo-release clippy-apart interop
    firmware budgets no-panic ct bench-build counts coverage fuzz-build fuzz)
# Only when asked for.
rare=(bench weekly)
quick=(fmt clippy doc test bare-metal demo)

# Of each fuzz target.
seconds=10

say() { printf '\n=== %s\n' "$*"; }

step_fmt() {
    cargo fmt --all --check
    for workspace in "${apart[@]}"; do
        cargo fmt --manifest-path "$workspace/Cargo.toml" --all --check
    done
}

step_clippy() {
    cargo clippy --locked --workspace --all-targets --all-features -- -D warnings
    for library in "${featured[@]}"; do
        cargo clippy --locked -p "$library" --all-targets -- -D warnings
    done
}

# The workspaces apart, which build most of their dependencies once more.
step_clippy_apart() {
    local workspace
    for workspace in benches fuzz ct ct/tables examples/firmware; do
        cargo clippy --locked --manifest-path "$workspace/Cargo.toml" --workspace --all-targets -- -D warnings
    done
    # Images: no test harness is there.
    for workspace in budgets no-panic; do
        cargo clippy --locked --manifest-path "$workspace/Cargo.toml" --target "$bare_metal" -- -D warnings
    done
    cargo clippy --locked --manifest-path examples/firmware/Cargo.toml --features image --target "$bare_metal" -- -D warnings
}

step_doc() {
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --all-features --no-deps
}

step_test() {
    cargo test --locked --workspace --all-features
}

# Clippy holds in the everyday steps that each library compiles without its features; this, that its tests pass.
step_test_no_features() {
    for library in "${featured[@]}"; do
        cargo test --locked -p "$library"
    done
}

# The long key sequences of DUKPT, whose digests are known: too many derivations for an unoptimised build.
step_sequences() {
    cargo test --locked --release -p dukpt --test sequences
}

# Without std, without alloc: the target has neither.
step_bare_metal() {
    if ! rustup target list --installed | grep -qx "$bare_metal"; then
        rustup target add "$bare_metal"
    fi
    for library in "${libraries[@]}"; do
        cargo check --locked -p "$library" --lib --no-default-features --target "$bare_metal"
    done
    # With an allocator, and with a firmware's log.
    cargo check --locked -p dukpt --lib --features explain --target "$bare_metal"
    cargo check --locked -p keyblock --lib --features ecdh --target "$bare_metal"
    cargo check --locked -p emv-tlv --lib --features alloc --target "$bare_metal"
    cargo check --locked -p iso8583-wire --lib --features alloc,serde,defmt --target "$bare_metal"
}

# The main job: a purchase from card to ledger, and the faults beside it; as the tests were built.
step_demo() {
    cargo run --locked -q -p pos -- demo
}

# The same as a newcomer runs it.
step_demo_release() {
    cargo run --locked --release -q -p pos -- demo
}

# Other people's programs at the other end; one that cannot be installed is skipped, unless INTEROP=require.
# What could not be tried is said once more at the end.
not_run=()
step_interop() {
    local log
    log=$(mktemp)
    examples/interop/run.sh | tee "$log"
    mapfile -t not_run < <(grep '^interop: NOT RUN' "$log")
    rm "$log"
}

# The PIN pad's images in QEMU, and power cuts.
step_firmware() { examples/firmware/run.sh; }

# Flash, stack and instructions of each use on a Cortex-M4, against what is recorded.
step_budgets() { budgets/run.sh; }

# Images whose panic handler does not link.
step_no_panic() { no-panic/run.sh; }

# Branches and indexes on secrets, found by valgrind.
step_ct() { ct/run.sh; }

step_bench_build() {
    cargo bench --locked --manifest-path benches/Cargo.toml --no-run
}

# Instructions of each hot path, against what is recorded.
step_counts() { benches/counts.sh check; }

step_bench() { benches/report.sh; }

step_weekly() { .ci/weekly/run; }

# Lines of each parser that its fuzz targets' corpora reach.
step_coverage() { fuzz/coverage.sh; }

# The flags that cargo-fuzz would pass: no cargo tool is built from source.
fuzz_cargo() {
    RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Zsanitizer=address -Cdebug-assertions --cfg fuzzing" \
        cargo "$@" --locked --manifest-path fuzz/Cargo.toml --release --target x86_64-unknown-linux-gnu
}

step_fuzz_build() { fuzz_cargo build; }

fuzz_targets() { sed -n 's/^name = "\(.*_.*\)"$/\1/p' fuzz/Cargo.toml; }

# Fuzzes one target; new inputs go to a scratch folder, the kept corpus is only read.
fuzz_one() {
    local target=$1 found
    found=$(mktemp -d)
    if "$fuzz_programs/$target" "$found" "fuzz/corpus/$target" -max_total_time="$fuzz_seconds" \
        -artifact_prefix="$found/" -print_final_stats=1 >"$found/log" 2>&1; then
        printf '%s: %s inputs in %s s\n' "$target" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "$found/log")" "$fuzz_seconds"
        rm -r "$found"
    else
        tail -n 40 "$found/log"
        printf '%s FAILED; its input is in %s\n' "$target" "$found"
        return 1
    fi
}

# Every target, two at a time.
step_fuzz() {
    step_fuzz_build
    export fuzz_seconds=$seconds
    export fuzz_programs=${CARGO_TARGET_DIR:-fuzz/target}/x86_64-unknown-linux-gnu/release
    export -f fuzz_one
    fuzz_targets | xargs -P 2 -I TARGET bash -c 'fuzz_one TARGET || exit 255'
}

run() {
    local started=$SECONDS
    say "$1"
    "step_${1//-/_}"
    say "$1: $((SECONDS - started)) s"
}

case "${1:-all}" in
    list) printf '%s\n' "${steps[@]}" "${rare[@]}" ;;
    all) for step in "${steps[@]}"; do run "$step"; done ;;
    quick) for step in "${quick[@]}"; do run "$step"; done ;;
    *)
        while [[ $# -gt 0 ]]; do
            step=$1
            shift
            if [[ " ${steps[*]} ${rare[*]} " != *" $step "* ]]; then
                echo "ci.sh: no step $step; see ./ci.sh list" >&2
                exit 2
            fi
            if [[ $step == fuzz && ${1-} =~ ^[0-9]+$ ]]; then
                seconds=$1
                shift
            fi
            run "$step"
        done
        ;;
esac
[[ ${#not_run[@]} -eq 0 ]] || printf '%s\n' '' "${not_run[@]}"
