#!/usr/bin/env bash
# Constant-time checks under valgrind: every check and its leaky control, with AES by the processor's instructions at opt-level 3 and
# in software at s, as firmware has it; then those that go through them with the tables of the crate `des`.
#
#   ct/run.sh            these three programs
#   ct/run.sh --full     the other two of backend and opt-level too, and ECDH, whose curves take as long to build as all of it
#   ct/run.sh PART       the checks whose names contain PART
set -euo pipefail
cd "$(dirname "$0")"

fail() {
    printf 'ct: %s\n' "$1" >&2
    exit 1
}
[[ $(uname -m) == x86_64 ]] || fail "the requests to valgrind are written for x86-64: run this step there"
command -v valgrind >/dev/null || fail "no valgrind: apt-get install valgrind"

target=${CARGO_TARGET_DIR:-$PWD/target}
export CARGO_TARGET_DIR=$target
out=$(mktemp -d)
trap 'rm -r "$out"' EXIT
names=()
jobs=()

# build NAME BACKEND PROFILE OPT-LEVEL PROGRAM CARGO-ARGUMENT...: builds one program and starts its checks beside the next build.
build() {
    local name=$1 flags=${RUSTFLAGS:-} opt_level=$4 profile=$3 program=$5
    [[ $2 == native ]] || flags="$flags --cfg aes_backend=\"$2\""
    RUSTFLAGS=$flags cargo build --locked -q --profile "$profile" "${@:6}" || fail "$name does not build"
    cp "$target/$profile/$program" "$out/$name"
    "$out/$name" "$opt_level" "${part[@]}" >"$out/$name.log" 2>&1 &
    jobs+=($!)
    names+=("$name")
}

full=
[[ ${1:-} != --full ]] || { full=yes; shift; }
part=("$@")
build native-3 native release 3 ct
build tables-3 native release 3 ct-tables --manifest-path tables/Cargo.toml
build soft-s soft small s ct
if [[ -n $full ]]; then
    build native-s native small s ct
    build soft-3 soft release 3 ct
    part=(ECDH)
    build ecdh-s native small s ct --features ecdh
fi

failed=()
for at in "${!names[@]}"; do
    wait "${jobs[$at]}" || failed+=("${names[$at]}")
    printf '\n== %s\n' "${names[$at]}"
    cat "$out/${names[$at]}.log"
done

# The README's table says what these programs hold.
"$out/soft-s" table >"$out/table"
sed -n '/^| operation |/,/^$/p' README.md | sed '/^$/d' >"$out/readme"
diff "$out/readme" "$out/table" || fail "the table in ct/README.md is not what is checked: put the lines marked > there"

[[ ${#failed[@]} -eq 0 ]] || fail "failed: ${failed[*]}"
printf '\nct: passed: %s\n' "${names[*]}"
