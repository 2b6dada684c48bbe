#!/usr/bin/env bash
# Instructions a call, counted by valgrind's callgrind, of every side of every job.
#
#   counts.sh [table] [GROUP]   a table of all sides; GROUP is what a job's name begins with: iso8583
#   counts.sh check             fails where one of ours needs over 3 % more than counts.txt says
#   counts.sh record            writes counts.txt anew
#   counts.sh tsv               job, side, whose it is, instructions: what report.sh reads
set -euo pipefail
cd "$(dirname "$0")"

record=$PWD/counts.txt
# Per cent that a side may need more than recorded, and those less that are worth a new record.
allowed=3

export LC_ALL=C
valgrind=$(command -v valgrind) || { echo "counts: valgrind is missing: apt-get install -y valgrind" >&2; exit 1; }

cargo build --release --locked --quiet --bin counts
scratch=$(mktemp -d /tmp/counts.XXXXXXXX)
trap 'rm -r "$scratch"' EXIT
cp "${CARGO_TARGET_DIR:-target}/release/counts" iso8583_rs.yaml "$scratch"
cd "$scratch"

# The program, by a name and among variables of the same length everywhere: they lie at the top of the stack, and where that begins
# decides how the C library copies what is on it. The variable is the spec of the peer iso8583_rs.
# usage: counts VALGRIND-OPTION... -- ARGUMENT...
counts() {
    local options=()
    while [[ $1 != -- ]]; do options+=("$1"); shift; done
    shift
    env -i SPEC_FILE=iso8583_rs.yaml "$valgrind" "${options[@]}" "$scratch/counts" "$@"
}

# The instructions of each call of counts::repeat, in the order of the calls.
# usage: count_group GROUP ours|all
count_group() {
    local out=$scratch/$1 calls=0 few many
    counts --tool=callgrind --callgrind-out-file="$out" --zero-before=counts::repeat --dump-after=counts::repeat \
        -- "$1" "$2" >"$out.sides" 2>"$out.log" || { cat "$out.log" >&2; return 1; }
    # A line without tabs is the peer iso8583_rs telling where it reads its spec.
    while IFS=$'\t' read -r job side whose times; do
        [[ $times ]] || continue
        few=$(sed -n 's/^summary: //p' "$out.$((calls + 1))")
        many=$(sed -n 's/^summary: //p' "$out.$((calls + 2))")
        calls=$((calls + 2))
        printf '%s\t%s\t%s\t%d\n' "$job" "$side" "$whose" $(((many - few + times / 2) / times))
    done <"$out.sides" >"$out.tsv"
    [[ ! -e $out.$((calls + 1)) && $calls -gt 0 ]] || { echo "counts: $1: callgrind saw other calls than the program made" >&2; return 1; }
}
export -f count_group counts
export valgrind scratch

all_groups() { "$scratch/counts" | sed -n 's/^group\t//p'; }

# usage: count ours|all [GROUP]
count() {
    local chosen group
    chosen=$(all_groups)
    if [[ ${2-} ]]; then
        grep -qx -- "$2" <<<"$chosen" || { echo "counts: no group $2; there are: $(xargs <<<"$chosen")" >&2; exit 2; }
        chosen=$2
    fi
    # One process a group, the longest first, on both of two cores.
    xargs -P2 -I{} bash -euo pipefail -c 'count_group {} '"$1" <<<"$chosen"
    for group in $chosen; do cat "$scratch/$group.tsv"; done | sort -s -t$'\t' -k1,1
}

# What the counts depend on beside the code. Valgrind shows programs a processor of its own making, the same on each machine
# that has AVX2 and AES-NI, without VAES and AVX-512: the features are asked for under it.
surroundings() {
    rustc --version
    echo "target: $(rustc -vV | sed -n 's/^host: //p')"
    valgrind --version
    getconf GNU_LIBC_VERSION
    echo "features: $(counts --tool=none -- 2>/dev/null | sed -n 's/^features\t//p')"
}

table() {
    printf '| job | side | instructions | ours / side |\n|---|---|---:|---:|\n'
    count all "${1-}" | awk -F'\t' '
        $2 == "ours" { ours = $4 }
        { printf "| %s | %s | %d | %s |\n", $1, $2, $4, $2 == "ours" ? "" : sprintf("%.2f", ours / $4) }'
}

write_record() {
    count ours >"$scratch/measured"
    {
        echo "# Instructions a call of what is ours, by counts.sh record. Job, side, instructions; the first lines say with what."
        surroundings | sed 's/^/# /'
        cut -f1,2,4 "$scratch/measured"
    } >"$record"
    echo "counts: $(grep -vc '^#' "$record") recorded in benches/counts.txt"
}

check() {
    [[ -f $record ]] || { echo "counts: benches/counts.txt is missing: benches/counts.sh record" >&2; exit 1; }
    count ours >"$scratch/measured"
    surroundings >"$scratch/here"
    sed -n '2,$s/^# //p' "$record" >"$scratch/recorded-with"
    awk -F'\t' -v allowed="$allowed" '
        function row(word) {
            printf "%-30s %-26s %11s %11s %8s  %s\n", $1, $2, was, $4, per_cent, word
        }
        BEGIN { printf "%-30s %-26s %11s %11s %8s\n", "job", "side", "recorded", "measured", "more" }
        FNR == NR { if ($0 !~ /^#/) { recorded[$1, $2] = $3; name[$1, $2] = $1 ", " $2 } next }
        !(($1, $2) in recorded) {
            was = per_cent = "-"; row("NO RECORD"); failed[++failures] = $1 ", " $2 ": has no record"; next
        }
        {
            seen[$1, $2] = 1
            was = recorded[$1, $2]
            per_cent = sprintf("%+.1f %%", 100 * ($4 - was) / was)
            if ($4 * 100 > was * (100 + allowed)) {
                row("TOO MANY")
                failed[++failures] = $1 ", " $2 ": recorded " was ", measured " $4 ", " per_cent
            } else if ($4 * 100 < was * (100 - allowed)) { row("fewer"); fewer++ } else row("")
        }
        END {
            for (one in recorded) if (!(one in seen)) failed[++failures] = name[one] ": recorded, but not measured"
            for (i = 1; i <= failures; i++) print "counts: FAILED: " failed[i]
            if (fewer) print "counts: " fewer " need over " allowed " % fewer than recorded: keep that with benches/counts.sh record"
            exit failures > 0
        }' "$record" "$scratch/measured" || failed=yes
    if ! cmp -s "$scratch/recorded-with" "$scratch/here"; then
        echo "counts: the record was made with other tools than are here, which alone can move a count:"
        diff "$scratch/recorded-with" "$scratch/here" | sed -n 's/^</  recorded:/p; s/^>/  here:    /p'
    fi
    if [[ ${failed-} ]]; then
        echo "counts: over $allowed % more than benches/counts.txt, or no pair with it: make it faster, or, where the cost is meant," \
            "run benches/counts.sh record and say why in the commit" >&2
        exit 1
    fi
    echo "counts: $(wc -l <"$scratch/measured") sides within $allowed % of benches/counts.txt"
}

case "${1:-table}" in
    check) check ;;
    record) write_record ;;
    tsv) count all ;;
    table) table "${2-}" ;;
    *) table "$1" ;;
esac
