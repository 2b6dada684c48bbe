"""Who keeps a way to a panic.

    python3 who.py entries ARCHIVE NM SOURCES TABLE...   the entries of tables that do, and the way from each
    python3 who.py at-fault ARCHIVE NM LOCK TABLE...     a line for each table: its name, `links` or the crates at fault, and the
                                                         functions where ways end, between tabs; then one for each crate: `in`, the
                                                         crate, its functions

Follows the relocations of the archive's optimised object from the functions of a table to the panic handler that does not
link. Beside a function stand the places in the sources whose panics it holds.
"""

import collections
import pathlib
import re
import struct
import subprocess
import sys

GOAL = "a_panic_is_reachable"
# What stands in a path before the crate: cargo's home, the compiler's, this repository.
PREFIX = re.compile(r"^.*/(registry/src/[^/]*|library)/|^/.*/(?=[^/]+/src/)")


def members(archive):
    """The objects of an `ar` archive."""
    data = archive.read_bytes()
    at = 8
    while at < len(data):
        size = int(data[at + 48:at + 58])
        yield data[at + 60:at + 60 + size]
        at += 60 + size + size % 2


class Object:
    """What refers to what in a relocatable ELF of 32 bits: each function and each constant is a section of its own."""

    def __init__(self, data):
        self.data = data
        start, = struct.unpack_from("<I", data, 0x20)
        size, count, names = struct.unpack_from("<HHH", data, 0x2E)
        self.sections = [struct.unpack_from("<10I", data, start + i * size) for i in range(count)]
        self.symbols = []
        self.edges = collections.defaultdict(list)
        symbols = next(s for s in self.sections if s[1] == 2)
        strings = self.sections[symbols[6]][4]
        for at in range(symbols[4], symbols[4] + symbols[5], 16):
            name, value, length, info, _, section = struct.unpack_from("<IIIBBH", data, at)
            end = data.index(b"\0", strings + name)
            self.symbols.append((data[strings + name:end].decode(), value, info & 15, section))
        for section in self.sections:
            if section[1] == 9:
                for at in range(section[4], section[4] + section[5], 8):
                    offset, info = struct.unpack_from("<II", data, at)
                    self.edges[section[7]].append((offset, info >> 8))
        # A symbol of a section stands for the function in it.
        self.function = {s[3]: s[0] for s in self.symbols if s[2] in (1, 2)}

    def target(self, symbol):
        """A section's number, or the name of a symbol that the object does not have."""
        name, _, _, section = self.symbols[symbol]
        return section if section else name

    def content(self, number):
        return self.data[self.sections[number][4]:][:self.sections[number][5]]

    def way(self, first):
        """The shortest way to the panic handler, as sections."""
        before = {first: None}
        queue = collections.deque([first])
        while queue:
            here = queue.popleft()
            for _, symbol in self.edges[here]:
                there = self.target(symbol)
                if there == GOAL:
                    way = []
                    while here is not None:
                        way.append(here)
                        here = before[here]
                    return way[::-1]
                if isinstance(there, int) and there not in before:
                    before[there] = here
                    queue.append(there)
        return None

    def places(self, function):
        """`file:line` of the panics of a function: it refers to them as `core::panic::Location`s."""
        found = set()
        for _, symbol in self.edges[function]:
            place = self.target(symbol)
            if isinstance(place, int) and self.sections[place][5] == 16 and len(self.edges[place]) == 1:
                text = self.target(self.edges[place][0][1])
                _, length, line, _ = struct.unpack("<4I", self.content(place))
                if isinstance(text, int):
                    file = self.content(text)[:length].decode(errors="replace")
                    if file.endswith(".rs"):
                        found.add(f"{PREFIX.sub('', file)}:{line}")
        return sorted(found)


def entries(sources, table):
    """The lines of a table."""
    for file in sources.rglob("*.rs"):
        inside = re.search(r"^table!\(" + table + r" \{\n(.*?)^\}\);", file.read_text(), re.M | re.S)
        if inside:
            return [line.strip().rstrip(",") for line in inside[1].splitlines() if not line.strip().startswith("//")]
    sys.exit(f"who.py: no table {table} in {sources}")


# What is on every way and at fault for none: the library's own, its glue, and what the optimiser cuts out of functions.
OTHERS = re.compile(r"<?&?(mut )?\[?(core|alloc|_*rustc)\b|OUTLINED_FUNCTION|rust_begin_unwind|<\[[\w:]+\]>|<.* as core::ops::index::|\?")


def readable(name):
    """Without the hash, the generic arguments and the lifetimes of a demangled name."""
    name = re.sub(r"::h[0-9a-f]{16}$", "", name)
    for code, sign in (("$LT$", "<"), ("$GT$", ">"), ("$u20$", " "), ("$u7b$", "{"), ("$u7d$", "}"), ("$C$", ","), ("$RF$", "&"), ("..", "::")):
        name = name.replace(code, sign)
    name = name.removeprefix("_")
    while True:
        shorter = re.sub(r"::<[^<>]*>", "", name)
        shorter = re.sub(r"(?<=\w)<[^<>]*>", "", shorter)
        if shorter == name:
            return name
        name = shorter


class Image:
    def __init__(self, archive, nm, tables):
        raw, plain = (
            subprocess.run(
                [nm, "-p", "--format=just-symbols", *more, archive], capture_output=True, text=True, check=True
            ).stdout.splitlines()
            for more in ([], ["--demangle"])
        )
        self.name = dict(zip(raw, plain))
        for data in members(pathlib.Path(archive)):
            if data[:4] == b"\x7fELF":
                self.object = Object(data)
                self.home = {s[0]: s[3] for s in self.object.symbols if s[0] in tables and s[3]}
                if set(self.home) == set(tables):
                    return
        sys.exit(f"who.py: {archive} has no object with the tables {' '.join(tables)}")

    def called(self, section):
        return self.name.get(self.object.function.get(section), "?")


def tell_entries(image, sources, tables):
    for table in tables:
        listed = entries(sources, table)
        for offset, symbol in sorted(image.object.edges[image.home[table]]):
            way = image.object.way(image.object.target(symbol))
            if way is None:
                continue
            steps = [readable(image.called(s)) for s in way]
            own = [i for i, step in enumerate(steps) if not OTHERS.match(step)]
            last = own[-1] if own else 0
            print(f"  {listed[offset // 4]}")
            for i, step in enumerate(steps[:last + 1]):
                print(f"    {'in' if i else 'as'} {step}")
            beyond = " ".join(steps[last + 1:last + 2])
            # A place that is the image's only one has moved into the library's function.
            places = next((found for s in way[last:] if (found := " ".join(image.object.places(s)))), "")
            print(f"    keeps {beyond or 'a panic'}{', at ' + places if places else ''}")


def tell_at_fault(image, lock, tables):
    """Crates of this repository are at fault only where no other is: what their functions hold was compiled into them, and whether it
    was hangs on the repository's own path, which orders what the optimiser sees."""
    packages = re.findall(r'name = "(.*)"\nversion = "(.*)"(\nsource)?', pathlib.Path(lock).read_text())
    known = {name.replace("-", "_"): f"{name} {version}" for name, version, _ in packages}
    own = {f"{name} {version}" for name, version, source in packages if not source}
    theirs = collections.defaultdict(set)
    object = image.object
    for table in tables:
        faults = {}
        seen, stack = set(), [image.home[table]]
        while stack:
            here = stack.pop()
            for _, symbol in object.edges[here]:
                there = object.target(symbol)
                if not isinstance(there, int) or there in seen:
                    continue
                seen.add(there)
                stack.append(there)
        for section in seen:
            step = readable(image.called(section))
            if OTHERS.match(step) or section not in object.function:
                continue
            # At fault: a way from here meets nobody else's function.
            ahead, stack = {section}, [section]
            while stack:
                for _, symbol in object.edges[stack.pop()]:
                    there = object.target(symbol)
                    if there == GOAL:
                        places = (re.match(r"([\w-]+)-(\d+\.\d+\.\d+)/", p) for p in object.places(section))
                        told = {f"{place[1]} {place[2]}" for place in places if place}
                        named = next((known[c] for c in re.findall(r"(\w+)::", step) if c in known), "no crate told")
                        faults[step] = told or {named}
                        if named not in own:
                            theirs[", ".join(sorted(faults[step]))].add(step)
                    elif isinstance(there, int) and there not in ahead and (
                        there not in object.function or OTHERS.match(readable(image.called(there)))
                    ):
                        ahead.add(there)
                        stack.append(there)
        crates = set().union(*faults.values())
        functions = "; ".join(f"{step} ({', '.join(sorted(crates))})" for step, crates in sorted(faults.items()))
        print(table, ", ".join(sorted(crates - own or crates)) or "links", functions, sep="\t")
    for crates, functions in sorted(theirs.items()):
        print("in", crates, "; ".join(sorted(functions)), sep="\t")


def main():
    if len(sys.argv) < 6 or sys.argv[1] not in ("entries", "at-fault"):
        sys.exit(__doc__)
    image = Image(sys.argv[2], sys.argv[3], sys.argv[5:])
    if sys.argv[1] == "entries":
        tell_entries(image, pathlib.Path(sys.argv[4]), sys.argv[5:])
    else:
        tell_at_fault(image, sys.argv[4], sys.argv[5:])


main()
