#!/bin/bash -eu
# What OSS-Fuzz runs in its builder image: every target with its corpus.
set -o pipefail

cd "$SRC/payments"
cargo fuzz build -O --debug-assertions

built=fuzz/target/x86_64-unknown-linux-gnu/release
targets=$(sed -n 's/^name = "\(.*_.*\)"$/\1/p' fuzz/Cargo.toml)
[[ -n $targets ]] || { echo "build.sh: fuzz/Cargo.toml names no target" >&2; exit 1; }
for target in $targets; do
    cp "$built/$target" "$OUT/"
    # Flat, as the runner wants it.
    zip -q -j -r "$OUT/${target}_seed_corpus.zip" "fuzz/corpus/$target"
done
