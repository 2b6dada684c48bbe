#!/usr/bin/env bash
# Links images of the family's public functions, whose panic handler calls a symbol that is not there: they link only if no
# function keeps a way to a panic. README.md tells more.
#
#   no-panic/run.sh             tables and images over stubs at opt-levels s, z and 3, then the uses of real ciphers
#   no-panic/run.sh --record    writes down which uses of real ciphers link
set -euo pipefail
cd "$(dirname "$0")"

bare_metal=thumbv7em-none-eabihf
crates=(iso8583-wire emv-tlv pinblock dukpt keyblock)
levels=(s z 3)
# The curves take longest to compile: at one level.
real_levels=(s z)
curves_level=s
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
[[ "${1:-}" == "" || "${1:-}" == --record ]] || { sed -n '5,6s/^#   //p' run.sh >&2; exit 2; }

fail() {
    printf 'no-panic: %s\n' "$*" >&2
    exit 1
}

if ! rustup target list --installed | grep -qx "$bare_metal"; then
    fail "no library for $bare_metal: rustup target add $bare_metal"
fi
command -v python3 >/dev/null || fail "no python3: apt-get install -y --no-install-recommends python3"
tools=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin
[[ -x $tools/rust-lld ]] || fail "no rust-lld beside rustc: install the toolchain with rustup"
[[ -x $tools/llvm-nm ]] || fail "no llvm-nm beside rustc: rustup component add llvm-tools"
work=$(mktemp -d)
# What still builds in the background writes there.
trap 'wait; rm -r "$work"' EXIT

# build PACKAGE LEVEL [WORKSPACE [OPTION...]]: the archive of a package at an opt-level. Each workspace has a folder of its own, so
# that two build at once.
build() {
    local level=$2
    [[ $level == 3 ]] || level="\"$level\""
    CARGO_TARGET_THUMBV7EM_NONE_EABIHF_RUSTFLAGS="-Csymbol-mangling-version=v0" \
        cargo build -q --locked --manifest-path "${3:-.}/Cargo.toml" -p "$1" "${@:4}" --release --target "$bare_metal" \
        --target-dir "$target/${3:-stubs}" --config "profile.release.opt-level=$level"
    archive=$target/${3:-stubs}/$bare_metal/release/lib${1//-/_}.a
}

real_archives() {
    local level options
    for level in "${real_levels[@]}"; do
        options=()
        [[ $level != "$curves_level" ]] || options=(--features curves)
        build no-panic-ciphers "$level" ciphers "${options[@]}"
        cp "$archive" "$work/real_$level.a"
    done
}
real_archives >"$work/real_archives" 2>&1 &
real_archives=$!

# Every public function of the libraries, from the JSON of rustdoc: an unstable output, which stable's compiler has too.
for crate in "${crates[@]}"; do
    features=()
    [[ $crate != emv-tlv ]] || features=(--features names,path)
    # What is said here about the JSON's being unstable is no news.
    RUSTC_BOOTSTRAP=1 cargo rustdoc -q --locked --manifest-path ../Cargo.toml -p "$crate" --lib "${features[@]}" \
        --target-dir "$target" -- -Zunstable-options --output-format json
done
python3 complete.py "$target/doc" src exempt.txt "${crates[@]}"

# links TABLE ARCHIVE: the image of what a table reaches. Any other error than the panic's is an error.
links() {
    "$tools/rust-lld" -flavor gnu --gc-sections -e "$1" -u "$1" "$2" -o "$work/image" 2>"$work/error" && return 0
    if grep error: "$work/error" | grep -qv 'undefined symbol: a_panic_is_reachable$'; then
        cat "$work/error" >&2
        fail "the linker failed over $1 for another reason than a panic"
    fi
    return 1
}

tables_in() { grep -rhoE '^table!\(\w+' "$1" | cut -d'(' -f2 | sort; }

build no-panic-control s
if links CONTROL "$archive"; then
    fail "the control links, with an index that nothing is known of: this step proves nothing"
fi
[[ $(python3 who.py entries "$archive" "$tools/llvm-nm" control/src CONTROL) == *"indexed"*"control/src/lib.rs:"* ]] \
    || fail "who.py does not name the function of the control"
echo "control: does not link, as it must not"

mapfile -t tables < <(tables_in src)
bad=0
printf '\n%-18s' "over stubs"
printf '%8s' "${levels[@]}"
printf '\n'
declare -A linked
for level in "${levels[@]}"; do
    build no-panic "$level"
    faulty=()
    for table in "${tables[@]}"; do
        if links "$table" "$archive"; then
            linked[$table$level]=links
        else
            linked[$table$level]=PANIC
            faulty+=("$table")
        fi
    done
    if [[ ${#faulty[@]} -gt 0 ]]; then
        bad=1
        {
            echo "no-panic: at opt-level $level these functions keep a way to a panic:"
            python3 who.py entries "$archive" "$tools/llvm-nm" src "${faulty[@]}"
        } >>"$work/faults"
    fi
done
for table in "${tables[@]}"; do
    printf '%-18s' "$table"
    for level in "${levels[@]}"; do
        printf '%8s' "${linked[$table$level]}"
    done
    printf '\n'
done
if [[ $bad == 1 ]]; then
    cat "$work/faults" >&2
    fail "take the panic out of the library: README.md tells what has one"
fi

wait "$real_archives" || {
    cat "$work/real_archives" >&2
    fail "the uses of real ciphers do not compile"
}
: >"$work/real"
for level in "${real_levels[@]}"; do
    archive=$work/real_$level.a
    mapfile -t uses < <(tables_in ciphers/src)
    if [[ $level != "$curves_level" ]]; then
        mapfile -t uses < <(tables_in ciphers/src | grep -vxFf <(tables_in ciphers/src/curves.rs))
    fi
    python3 who.py at-fault "$archive" "$tools/llvm-nm" ciphers/Cargo.lock "${uses[@]}" >"$work/told"
    while IFS=$'\t' read -r use outcome functions; do
        if [[ $use == in ]]; then
            printf '%s in %s: %s\n' "$level" "$outcome" "$functions" >>"$work/theirs"
            continue
        fi
        # The linker has the last word.
        if links "$use" "$archive"; then [[ $outcome == links ]]; else [[ $outcome != links ]]; fi \
            || fail "linker and who.py do not agree about $use at opt-level $level: $outcome"
        printf '%s %s: %s\n' "$level" "$use" "$outcome" >>"$work/real"
        printf '%s %s: %s\n' "$level" "$use" "${functions:-links}" >>"$work/functions"
    done <"$work/told"
done
printf '\nover real ciphers, and the functions at fault\n'
cat "$work/functions"
images=$(wc -l <"$work/real")
cat "$work/theirs" >>"$work/real"
if [[ "${1:-}" == --record ]]; then
    cp "$work/real" ciphers/expected.txt
fi
if ! diff -u --label recorded --label now ciphers/expected.txt "$work/real" >"$work/difference"; then
    cat "$work/difference" >&2
    fail "uses of real ciphers link otherwise than recorded: if it is for the better, or not ours, no-panic/run.sh --record"
fi
printf '\nno-panic: %s tables link at opt-levels %s; %s of %s images with real ciphers link, as recorded\n' \
    "${#tables[@]}" "${levels[*]}" "$(grep -c ': links$' "$work/real")" "$images"
