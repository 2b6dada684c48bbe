#!/usr/bin/env python3
"""Sets paytool against pyemv's codec for BER-TLV.

Proves, for 2,000 random trees: what pyemv encodes we read as the same tree and write again as the same bytes; what we
encode pyemv reads as the same tree, in the same order. Tags have 1 to 3 bytes, templates are nested up to 5 deep,
lengths are of one to four bytes, values and templates may be empty. No tag stands twice in a template, as pyemv keeps
the last only.

What it does with bytes that are no EMV data, or with more than a dict can hold, is shown case by case (DIFFERENCES):
should another version make something else of one, the script says so and fails.

    python3 pyemv_peer.py PAYTOOL     with pyemv==1.5.0 installed
"""

import importlib.util
import os
import random
import sys
from collections import Counter, namedtuple

from paytool import Paytool, disagree, same_bytes


def codec():
    """pyemv.tlv alone: the package as a whole needs another one for its cryptography."""
    package = importlib.util.find_spec("pyemv").submodule_search_locations[0]
    spec = importlib.util.spec_from_file_location("pyemv_tlv", os.path.join(package, "tlv.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tlv = codec()

TREES = 2_000
DEPTH = 5
# Around every length at which the length field grows a byte, and in between.
LENGTHS = (0, 1, 2, 126, 127, 128, 129, 254, 255, 256, 257, 300)
LONG = (65_534, 65_535, 65_536, 70_000)


def random_tag(rng, constructed):
    """A tag of 1 to 3 bytes in hexadecimal."""
    first = rng.randrange(256) & 0xC0 | (0x20 if constructed else 0)
    size = rng.randint(1, 3)
    if size == 1:
        # 00 pads, and five bits of ones announce more bytes.
        return f"{first | rng.randrange(0 if first else 1, 31):02X}"
    more = [rng.randrange(0x80, 0x100) for _ in range(size - 2)] + [rng.randrange(0x80)]
    return bytes([first | 0x1F, *more]).hex().upper()


def random_value(rng):
    length = rng.choice(LENGTHS) if rng.random() < 0.3 else rng.randrange(40)
    return rng.randbytes(rng.choice(LONG) if rng.random() < 0.003 else length)


def random_tree(rng, depth=1):
    """A template's objects by tag, in hexadecimal, as pyemv has them."""
    tree = {}
    for _ in range(rng.randrange(1 if depth == 1 else 0, 7)):
        constructed = depth <= DEPTH and rng.random() < 0.4
        tag = random_tag(rng, constructed)
        if tag not in tree:
            tree[tag] = random_tree(rng, depth + 1) if constructed else random_value(rng)
    return tree


def objects(tree):
    """A tree as paytool has it."""
    return [[tag, objects(value) if isinstance(value, dict) else value.hex().upper()] for tag, value in tree.items()]


def shapes(tree, depth, seen):
    """Counts what occurs in a tree, and returns its length in bytes."""
    total = 0
    for tag, value in tree.items():
        constructed = isinstance(value, dict)
        length = shapes(value, depth + 1, seen) if constructed else len(value)
        form = "template" if constructed else "value"
        size = 1 if length < 0x80 else 2 if length < 0x100 else 3 if length < 0x1_0000 else 4
        seen.update([f"a tag of {len(tag) // 2}", f"a {form} at depth {depth}", f"a {form}'s length of {size}"])
        if length == 0:
            seen[f"an empty {form}"] += 1
        total += len(tag) // 2 + size + length
    return total


def everything():
    """What has to occur, or less would be proven than is said."""
    yield from (f"a tag of {size}" for size in (1, 2, 3))
    yield from (f"a value at depth {depth}" for depth in range(1, DEPTH + 2))
    yield from (f"a template at depth {depth}" for depth in range(1, DEPTH + 1))
    yield from (f"a {form}'s length of {size}" for form in ("value", "template") for size in (1, 2, 3, 4))
    yield from ("an empty value", "an empty template")


def same_tree(what, sent, got, encoded, path=()):
    """Ends the run at the first difference between two trees, as paytool has them."""
    for index in range(max(len(sent), len(got))):
        one, other = (side[index] if index < len(side) else [None, None] for side in (sent, got))
        where = "/".join([*path, str(one[0] or other[0])])
        if one[0] == other[0] and isinstance(one[1], list) and isinstance(other[1], list):
            same_tree(what, one[1], other[1], encoded, (*path, one[0]))
        elif one != other:
            details = {"sent": str(one)[:200], "got": str(other)[:200], "bytes": encoded[:200].hex().upper()}
            disagree(f"{what}: object {index} at {where}", **details)


def compare(paytool, rng):
    trees = [random_tree(rng) for _ in range(TREES)]
    seen = Counter()
    size = sum(shapes(tree, 1, seen) for tree in trees)
    missing = [shape for shape in everything() if not seen[shape]]
    if missing:
        disagree("the random trees are too few or too small", missing=missing)

    sent = [objects(tree) for tree in trees]
    theirs = [tlv.encode(tree) for tree in trees]
    read = paytool.parse_objects(theirs)
    again = paytool.encode_objects(read)
    ours = paytool.encode_objects(sent)
    for index, tree in enumerate(trees):
        what = f"tree {index}"
        same_tree(f"{what}, pyemv to paytool", sent[index], read[index], theirs[index])
        same_bytes(f"{what}, read and written again by paytool", again[index], theirs[index])
        same_bytes(f"{what}, encoded by both", ours[index], theirs[index])
        try:
            got = tlv.decode(ours[index])
        except tlv.DecodeError as error:
            disagree(f"{what}: pyemv refuses our bytes: {error}", bytes=ours[index][:200].hex().upper())
        same_tree(f"{what}, paytool to pyemv", sent[index], objects(got), ours[index])
    count = sum(seen[shape] for shape in ("a tag of 1", "a tag of 2", "a tag of 3"))
    print(f"pyemv: {TREES} trees each way, {count} objects, {size} bytes: the same")


# Bytes, what pyemv reads there (an exception's name if it reads nothing), what paytool does (its kind of error if it
# refuses them), and why.
Difference = namedtuple("Difference", "encoded theirs ours why")
DEEP = 1_200
DIFFERENCES = (
    Difference("9C80", {"9C": b""}, "indefinite_length", "BER's indefinite length is no length of EMV; 0 there"),
    Difference("E0809C01010000", {"E0": {}, "9C": b"\1", "00": b""}, "indefinite_length", "the same of a template"),
    Difference("9C0101" "0000", {"9C": b"\1", "00": b""}, [["9C", "01"]], "00 pads; an object there"),
    Difference("9C0101" "00", "DecodeError", [["9C", "01"]], "one 00 pads as well as two"),
    Difference("9C0101" "9C0102", {"9C": b"\2"}, [["9C", "01"], ["9C", "02"]], "the last of a tag is kept there"),
    Difference("9C850000000001" "01", {"9C": b"\1"}, "length_too_long", "a length has four bytes at most"),
    Difference("9F8182838401" "0101", {"9F8182838401": b"\1"}, "tag_too_long", "a tag has four bytes at most"),
    # The same here and there.
    Difference("70045A810141", {"70": {"5A": b"A"}}, [["70", [["5A", "41"]]]], "a length may be longer than it must"),
    Difference("E0039C0201" "01", "DecodeError", "truncated_value", "no child leaves its parent"),
)


def deep(depth):
    """So many templates in one another."""
    encoded = b""
    for _ in range(depth):
        size = len(encoded)
        length = [size] if size < 0x80 else [0x81, size] if size < 0x100 else [0x82, size >> 8, size & 0xFF]
        encoded = bytes([0xE0, *length]) + encoded
    return encoded


def read_by_peer(encoded):
    try:
        return tlv.decode(encoded)
    except (tlv.DecodeError, RecursionError) as error:
        return type(error).__name__


def show_differences(paytool):
    """Shows what pyemv makes of the rest, and ends the run where that has changed."""
    nest = Difference(deep(DEEP).hex(), "RecursionError", "too_deep", "it calls itself once a template")
    for row in (*DIFFERENCES, nest):
        encoded = bytes.fromhex(row.encoded)
        got = read_by_peer(encoded)
        answer = paytool.ask([{"op": "tlv.parse", "hex": encoded.hex()}])[0]
        ours = answer["objects"] if answer["ok"] else answer["error"]["kind"]
        if (got, ours) != (row.theirs, row.ours):
            details = {"bytes": row.encoded[:80], "pyemv": got, "paytool": ours}
            disagree(f"another reading than when this was written: {row.why}", **details)
    # A tag that cannot be read back is encoded.
    if tlv.encode({"00": b""}) != b"\0\0":
        disagree("pyemv does not encode the tag 00 any more")
    print(f"pyemv: {len(DIFFERENCES) + 1} encodings at the edges, read as known")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    paytool = Paytool(sys.argv[1])
    compare(paytool, random.Random(7816))
    show_differences(paytool)


if __name__ == "__main__":
    main()
