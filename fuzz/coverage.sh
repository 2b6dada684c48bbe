#!/usr/bin/env bash
# How many lines of every parser its fuzz targets' corpora reach; fails where that is less than 95 %.
#
#   fuzz/coverage.sh              a table of files and parsers
#   fuzz/coverage.sh --missing    and the lines that nothing reaches
#
# On stable Rust, with the component llvm-tools. coverage.txt says which file belongs to which parser.
set -euo pipefail
cd "$(dirname "$0")/.."

goal=95
crates=(iso8583 emv-tlv pinblock dukpt keyblock)
table=fuzz/coverage.txt
missing=${1:-}

fail() { printf 'coverage: %s\n' "$*" >&2; exit 1; }

[[ -z $missing || $missing == --missing ]] || fail "usage: fuzz/coverage.sh [--missing]"
host=$(rustc -vV | sed -n 's/^host: //p')
tools=$(rustc --print sysroot)/lib/rustlib/$host/bin
for tool in llvm-profdata llvm-cov; do
    [[ -x $tools/$tool ]] || fail "no $tool: rustup component add llvm-tools"
done

# The table, as lines of `parser TAB targets` and `name TAB parser`, where the parser of what stands apart is `-`.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk -v parsers="$work/parsers" -v names="$work/names" '
    /^#/ || /^$/ { next }
    /^apart / { parser = "-"; next }
    /^parser .+: ./ { sub(/^parser /, ""); at = index($0, ": "); parser = substr($0, 1, at - 1)
        print parser "\t" substr($0, at + 2) > parsers; next }
    / / || parser == "" { print "coverage: coverage.txt, line " NR ": " $0 > "/dev/stderr"; exit 1 }
    { print $0 "\t" parser > names }
' "$table"

# Every file has a place, every name a file.
find "${crates[@]/%//src}" -name '*.rs' | sort >"$work/files"
awk -F'\t' '
    NR == FNR { if ($1 in parser) { print "coverage: coverage.txt names " $1 " twice" > "/dev/stderr"; bad = 1 } parser[$1] = $2; next }
    {
        best = ""
        for (name in parser) {
            fits = name ~ /\/$/ ? index($0, name) == 1 : $0 == name
            if (fits && length(name) > length(best)) best = name
        }
        if (best == "") { print "coverage: " $0 " is in no parser: add it to fuzz/coverage.txt" > "/dev/stderr"; bad = 1 }
        used[best] = 1
        print $0 "\t" parser[best]
    }
    END {
        for (name in parser) if (!(name in used)) { print "coverage: coverage.txt names " name ", which no file has" > "/dev/stderr"; bad = 1 }
        exit bad
    }
' "$work/names" "$work/files" >"$work/places" || exit 1

# Every target has to reach something.
sed -n 's/^name = "\(.*_.*\)"$/\1/p' fuzz/Cargo.toml | sort >"$work/targets"
cut -f2 "$work/parsers" | tr ' ' '\n' | sort -u >"$work/named"
odd=$(comm -3 "$work/targets" "$work/named" | tr -d '\t' | tr '\n' ' ')
[[ -z $odd ]] || fail "not both a fuzz target and in coverage.txt: $odd"

# One object a crate, so that what nobody calls is counted too; a target directory of its own, so that flags do not change anybody else's.
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")/coverage
RUSTFLAGS=-Cinstrument-coverage LLVM_PROFILE_FILE="$work/build-%p.profraw" CARGO_TARGET_DIR=$target \
    cargo build --quiet --locked -p properties --bin replay \
    --config profile.dev.codegen-units=1 --config profile.dev.debug=false --config profile.dev.incremental=false
replay=$target/debug/replay

while read -r name; do
    LLVM_PROFILE_FILE="$work/$name.profraw" "$replay" "$name" "fuzz/corpus/$name" >/dev/null ||
        fail "$name does not hold for its corpus, or has none"
done <"$work/targets"

# Lines of the sources that this parser's targets run: `file TAB line TAB count`. A line of generic code counts once, whatever runs it.
while IFS=$'\t' read -r parser targets; do
    inputs=()
    for name in $targets; do inputs+=("$work/$name.profraw"); done
    "$tools/llvm-profdata" merge -sparse "${inputs[@]}" -o "$work/parser.profdata"
    "$tools/llvm-cov" export -format=lcov -instr-profile="$work/parser.profdata" "$replay" \
        -ignore-filename-regex='/(registry|rustlib|rustc|properties)/' |
        awk -v root="$PWD/" -v parser="$parser" '
            NR == FNR { split($0, part, "\t"); place[part[1]] = part[2]; next }
            /^SF:/ { file = substr($0, 4); if (index(file, root) == 1) file = substr(file, length(root) + 1) }
            /^DA:/ && place[file] == parser { split(substr($0, 4), part, ","); print parser "\t" file "\t" part[1] "\t" part[2] }
        ' "$work/places" -
done <"$work/parsers" >"$work/lines"
[[ -s $work/lines ]] || fail "llvm-cov names no line of any crate"

if [[ $missing == --missing ]]; then
    awk -F'\t' '$4 == 0 { print $2 "\t" $3 }' "$work/lines" | while IFS=$'\t' read -r file line; do
        printf '%s:%s: %s\n' "$file" "$line" "$(sed -n "${line}p" "$file")"
    done
fi

awk -F'\t' -v goal="$goal" '
    function share(reached, all) { return sprintf("%6.1f %% %6d of %5d", 100 * reached / all, reached, all) }
    { all[$2]++; reached[$2] += $4 > 0; parser[$2] = $1; crate = $2; sub(/\/.*/, "", crate)
      if (!($2 in seen)) { seen[$2] = 1; files[++count] = $2 }
      if (!($1 in p_all)) parsers[++parser_count] = $1
      p_all[$1]++; p_reached[$1] += $4 > 0
      if (!(crate in c_all)) crates[++crate_count] = crate
      c_all[crate]++; c_reached[crate] += $4 > 0 }
    END {
        for (i = 1; i <= parser_count; i++) {
            print "\n" parsers[i]
            for (k = 1; k <= count; k++) if (parser[files[k]] == parsers[i])
                printf "  %-50s %s\n", files[k], share(reached[files[k]], all[files[k]])
        }
        print ""
        for (i = 1; i <= parser_count; i++) {
            under = 100 * p_reached[parsers[i]] < goal * p_all[parsers[i]]
            printf "%-52s %s%s\n", parsers[i], share(p_reached[parsers[i]], p_all[parsers[i]]), under ? "  UNDER " goal " %" : ""
            bad += under
        }
        print ""
        for (i = 1; i <= crate_count; i++) printf "%-52s %s\n", crates[i], share(c_reached[crates[i]], c_all[crates[i]])
        if (bad) {
            printf "coverage: %d of %d parsers under %d %%: add inputs to fuzz/corpus or assertions to properties; fuzz/coverage.sh --missing shows lines\n", bad, parser_count, goal > "/dev/stderr"
            exit 1
        }
        printf "coverage: passed, %d parsers, each at least %d %%\n", parser_count, goal
    }
' "$work/lines"
