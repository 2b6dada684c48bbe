#!/usr/bin/env bash
# Every check of the project is a step of this script.
#
#   ./ci.sh            all steps of an ordinary run
#   ./ci.sh quick      the everyday steps: fmt clippy doc test bare-metal demo
#   ./ci.sh STEP...    single steps; `./ci.sh list` names them
#   FUZZ_SECONDS=60 ./ci.sh fuzz    fuzz longer than the ordinary 10 s a target
set -euo pipefail
cd "$(dirname "$0")"

libraries=(iso8583-wire emv-tlv pinblock dukpt keyblock)
# Those that are another crate without their features.
featured=(iso8583-wire emv-tlv dukpt keyblock)
bare_metal=thumbv7em-none-eabihf
steps=(fmt clippy doc test bare-metal demo test-no-features sequences demo-release clippy-apart interop bench-build fuzz-build fuzz)
quick=(fmt clippy doc test bare-metal demo)

say() { printf '\n=== %s\n' "$*"; }

step_fmt() {
    cargo fmt --all --check
    cargo fmt --manifest-path benches/Cargo.toml --check
    cargo fmt --manifest-path fuzz/Cargo.toml --check
}

step_clippy() {
    cargo clippy --locked --workspace --all-targets --all-features -- -D warnings
    for library in "${featured[@]}"; do
        cargo clippy --locked -p "$library" --all-targets -- -D warnings
    done
}

# The workspaces apart, which build most of their dependencies once more.
step_clippy_apart() {
    cargo clippy --locked --manifest-path benches/Cargo.toml --all-targets -- -D warnings
    cargo clippy --locked --manifest-path fuzz/Cargo.toml --all-targets -- -D warnings
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

step_bench_build() {
    cargo bench --locked --manifest-path benches/Cargo.toml --no-run
}

# The flags that cargo-fuzz would pass: no cargo tool is built from source.
fuzz_cargo() {
    RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Zsanitizer=address -Cdebug-assertions --cfg fuzzing" \
        cargo "$@" --locked --manifest-path fuzz/Cargo.toml --release --target x86_64-unknown-linux-gnu
}

step_fuzz_build() { fuzz_cargo build; }

fuzz_targets() { sed -n 's/^name = "\(.*_.*\)"$/\1/p' fuzz/Cargo.toml; }

step_fuzz() {
    step_fuzz_build
    local directory="${CARGO_TARGET_DIR:-fuzz/target}" target found
    for target in $(fuzz_targets); do
        found=$(mktemp -d)
        say "fuzz $target, ${FUZZ_SECONDS:-10} s"
        # New inputs go to the scratch folder; the kept corpus is only read.
        "$directory/x86_64-unknown-linux-gnu/release/$target" "$found" "fuzz/corpus/$target" \
            -max_total_time="${FUZZ_SECONDS:-10}" -artifact_prefix="$found/" -print_final_stats=1 \
            >"$found/log" 2>&1 || { tail -n 40 "$found/log"; exit 1; }
        grep -E 'number_of_executed_units' "$found/log"
        rm -r "$found"
    done
}

run() {
    local started=$SECONDS
    say "$1"
    "step_${1//-/_}"
    say "$1: $((SECONDS - started)) s"
}

case "${1:-all}" in
    list) printf '%s\n' "${steps[@]}" ;;
    all) for step in "${steps[@]}"; do run "$step"; done ;;
    quick) for step in "${quick[@]}"; do run "$step"; done ;;
    *)
        for step in "$@"; do
            [[ " ${steps[*]} " == *" $step "* ]] || { echo "ci.sh: no step $step; see ./ci.sh list" >&2; exit 2; }
            run "$step"
        done
        ;;
esac
[[ ${#not_run[@]} -eq 0 ]] || printf '%s\n' '' "${not_run[@]}"
