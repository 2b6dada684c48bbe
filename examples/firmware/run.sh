#!/usr/bin/env bash
# The PIN pad's firmware: its tests on this machine, then its images in QEMU, byte for byte.
#
#   examples/firmware/run.sh
#
# Fails where a tool is missing, a test fails, an image does not link, or an image says something else than expected/.
set -euo pipefail
cd "$(dirname "$0")"

images=(aes128 aes256 tdes)
# Target, and QEMU's machine; without one an image is linked and not run.
machines=(
    "thumbv7em-none-eabihf mps2-an386"
    "thumbv6m-none-eabi microbit"
    "riscv32imac-unknown-none-elf -"
)
# QEMU seconds; a session takes less than one.
patience=60

die() {
    echo "firmware: $*" >&2
    exit 1
}

command -v qemu-system-arm >/dev/null ||
    die "qemu-system-arm is missing: apt-get install -y --no-install-recommends qemu-system-arm"
command -v readelf >/dev/null || die "readelf is missing: apt-get install -y --no-install-recommends binutils"
libraries=$(rustc --print sysroot)/lib/rustlib
for machine in "${machines[@]}"; do
    target=${machine% *}
    [[ -d $libraries/$target ]] || die "no library for $target: rustup target add $target"
done

directory=$(cargo metadata --locked --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')

echo "firmware: tests on this machine"
cargo test --locked --quiet --lib --tests
echo "firmware: images"
# One target at a time: built at once, they would share the features of their critical sections, which exclude each other.
for machine in "${machines[@]}"; do
    cargo build --locked --quiet --release --features image --bins --target "${machine% *}"
done

# text, rodata, data, bss of an image, in bytes.
sizes() {
    local name type size flags text=0 rodata=0 data=0 bss=0
    while read -r name type size flags; do
        size=$((16#$size))
        case "$type $flags" in
            "PROGBITS AX"*) text=$((text + size)) ;;
            "PROGBITS WA"*) data=$((data + size)) ;;
            "PROGBITS A"*) rodata=$((rodata + size)) ;;
            # The rest of the RAM is given to heap and stack in some images.
            "NOBITS WA"*) [[ $name == .heap || $name == .stack ]] || bss=$((bss + size)) ;;
        esac
    done < <(readelf -SW "$1" | sed -n 's/^ *\[ *[0-9]*\] \(\.[^ ]*\) *\([A-Z]*\) *[0-9a-f]* [0-9a-f]* \([0-9a-f]*\) [0-9a-f]* *\([A-Z]*\) .*/\1 \2 \3 \4/p')
    ((text > 0)) || die "readelf shows no code in $1"
    echo "$text $rodata $data $bss"
}

said=$(mktemp)
trap 'rm -f "$said"' EXIT
runs=0
printf '\n%-30s %-11s %-7s %7s %7s %6s %6s %11s\n' target machine image text rodata data bss 'peak stack'
for machine in "${machines[@]}"; do
    read -r target board <<<"$machine"
    for image in "${images[@]}"; do
        elf=$directory/$target/release/$image
        measured=$(sizes "$elf")
        stack=-
        if [[ $board != - ]]; then
            status=0
            timeout "$patience" qemu-system-arm -machine "$board" -nographic \
                -semihosting-config enable=on,target=native -kernel "$elf" >"$said" </dev/null || status=$?
            if ((status != 0)); then
                cat "$said" >&2
                die "$image on $board ended with status $status (124: no end within $patience s)"
            fi
            if ! diff -u "expected/$image.txt" <(grep -v '^stack ' "$said") >&2; then
                die "$image on $board says something else than expected/$image.txt"
            fi
            stack=$(sed -n 's/^stack \([0-9]*\) of [0-9]*$/\1/p' "$said")
            [[ -n $stack ]] || die "$image on $board does not say how much stack it took"
            runs=$((runs + 1))
        fi
        # shellcheck disable=SC2086
        printf '%-30s %-11s %-7s %7s %7s %6s %6s %11s\n' "$target" "$board" "$image" $measured "$stack"
    done
done
printf '\nfirmware: tests passed, %d images linked, %d run in QEMU, every byte as expected\n' \
    "$((${#machines[@]} * ${#images[@]}))" "$runs"
