"""Whether the tables hold every public function: python3 complete.py DOCS SOURCES EXEMPT CRATE...

DOCS is where rustdoc wrote its JSON. A function that neither stands in a table nor on the list of exemptions is named, and so
is an entry of either that is no public function any more. The last line counts.
"""

import collections
import pathlib
import re
import sys

from public import Crate


def bare(entry):
    """`dukpt::aes::Ksn as TryFrom::try_from` of an entry as a table has it."""
    entry = re.sub(r"\) as fn\(.*|(?<!>) as fn\(.*|(?<=>) as fn\(.*", "", entry)
    dropped = re.match(r"drop_in_place::<(.*)>$", entry)
    if dropped:
        entry = f"<{dropped[1]} as Drop>::drop"
    of_trait = re.match(r"<&?(.*)>::(\w+)(::<.*>)?$", entry)
    if of_trait and entry[0] == "<":
        # The trait behind the last ` as ` that stands in no generic argument.
        inside = without_generics(of_trait[1])
        kind, trait = inside.split(" as ")
        return f"{kind} as {trait.split('::')[-1]}::{of_trait[2]}"
    return without_generics(entry)


def without_generics(path):
    while True:
        shorter = re.sub(r"(::)?<[^<>]*>", "", path.replace("->", ""))
        if shorter == path:
            return path
        path = shorter


def main():
    docs, sources, exempt = (pathlib.Path(p) for p in sys.argv[1:4])
    crates = [name.replace("-", "_") for name in sys.argv[4:]]
    wanted = collections.Counter()
    for crate in crates:
        wanted.update(name for name, _, _ in Crate(docs / f"{crate}.json").functions())
    listed = collections.Counter()
    entries = 0
    for file in sorted(sources.rglob("*.rs")):
        for table in re.findall(r"^table!\(\w+ \{\n(.*?)^\}\);", file.read_text(), re.M | re.S):
            for line in table.splitlines():
                line = line.strip().rstrip(",")
                if line and not line.startswith("//"):
                    listed[bare(line)] += 1
                    entries += 1
    spared = {}
    for line in exempt.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, reason = line.partition("  # ")
            if not reason.strip():
                sys.exit(f"{exempt}: no reason behind {line!r}: write `name  # reason`")
            spared[name.strip()] = reason
    bad = []
    for name, count in sorted(wanted.items()):
        if name not in spared and listed[name] < count:
            how = "stands in no table" if not listed[name] else f"is there {count} times, in a table {listed[name]} times"
            bad.append(f"{name} {how}")
    bad += [f"{name} is in a table and no public function" for name in sorted(listed) if name not in wanted]
    bad += [f"{name} is exempt and no public function" for name in spared if name not in wanted]
    bad += [f"{name} is exempt and stands in a table" for name in spared if name in listed]
    for line in bad:
        print(f"no-panic: {line}")
    if bad:
        sys.exit("no-panic: put each function into the table of its crate in no-panic/src, or into no-panic/exempt.txt with a reason")
    print(f"{sum(wanted.values())} public functions: {entries} entries in tables, {len(spared)} exempt")


main()
