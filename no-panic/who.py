"""Who keeps a way to a panic: python3 who.py ARCHIVE NM SOURCES TABLE...

Follows the relocations of the archive's optimised object from each function of a table to the panic handler that does not
link, and names the entry, the functions on the way, and the places in the sources whose panics stand in the last of them.
"""

import collections
import pathlib
import re
import struct
import subprocess
import sys

GOAL = "a_panic_is_reachable"


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
                        found.add(f"{re.sub(r'^.*/(registry/src/[^/]*|library)/', '', file)}:{line}")
        return sorted(found)


def entries(sources, table):
    """The lines of a table."""
    for file in sources.rglob("*.rs"):
        inside = re.search(r"^table!\(" + table + r" \{\n(.*?)^\}\);", file.read_text(), re.M | re.S)
        if inside:
            return [line.strip().rstrip(",") for line in inside[1].splitlines() if not line.strip().startswith("//")]
    sys.exit(f"who.py: no table {table} in {sources}")


def main():
    archive, nm, sources, tables = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), sys.argv[4:]
    raw, plain = (
        subprocess.run([nm, "-p", "--format=just-symbols", *more, archive], capture_output=True, text=True).stdout.splitlines()
        for more in ([], ["--demangle"])
    )
    name = dict(zip(raw, plain))
    objects = [Object(m) for m in members(pathlib.Path(archive)) if m[:4] == b"\x7fELF" and tables[0].encode() in m]
    for object in objects:
        for table in tables:
            home = next((s[3] for s in object.symbols if s[0] == table), None)
            if home is None:
                continue
            listed = entries(sources, table)
            for offset, symbol in sorted(object.edges[home]):
                way = object.way(object.target(symbol))
                if way is None:
                    continue
                print(f"{table}: {listed[offset // 4]}")
                steps = [name.get(object.function.get(s), "?") for s in way]
                own = [i for i, step in enumerate(steps) if not re.match(r"<?core::|__rustc|<?&?\[?.* as core::(fmt|ops::function)", step)]
                last = own[-1] if own else 0
                for step in steps[:last + 1]:
                    print(f"    in {step}")
                print(f"    {steps[min(last + 1, len(steps) - 1)]}, at {' '.join(object.places(way[last])) or 'no place told'}")


main()
