#!/usr/bin/env python3
"""Sets paytool against psec: key blocks of TR-31.

Proves, for 2,000 random blocks of versions A to D each way, that what psec wraps we parse and unwrap, and what we wrap psec
unwraps: the same header, optional blocks and key. Blocks of psec with one character changed are refused by both.

No optional block has over 255 characters: psec counts the length of an extended length in bytes.

    python3 psec_keyblock_peer.py PAYTOOL     with psec==1.3.0 installed
"""

import random
import sys
import warnings

# psec calls TDES by a name that its own peer is about to move.
warnings.simplefilter("ignore")

from psec import tr31  # noqa: E402: after the warnings are off

from paytool import Paytool, disagree  # noqa: E402

CASES = 2_000
# Cases at a time: so many are asked of one paytool.
CHUNK = 500
USAGES = "B0 B1 B3 C0 D0 D1 D2 D3 E0 E1 E2 E3 E4 E5 E6 E7 I0 K0 K1 K2 K3 K4 M0 M1 M3 M6 M7 P0 P1 S0 V0 V1 V2 10".split()
# Bytes of the keys of each algorithm; of HMAC and private keys any number.
KEY_LENGTHS = {"A": (16, 24, 32), "D": (8,), "T": (16, 24), "H": None, "R": None, "E": None, "5": None}
PRINTABLE = "".join(chr(code) for code in range(0x20, 0x7F))
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Case:
    """A block to be made: its header, optional blocks, protection key and key."""

    def __init__(self, rng):
        self.version = rng.choice("ABCD")
        self.usage = rng.choice(USAGES)
        self.algorithm = rng.choice(list(KEY_LENGTHS))
        self.mode = rng.choice("BCDEGNSTVXY1")
        self.key_version = rng.choice(["00", "c" + rng.choice(ALPHANUMERIC), rng.choice("123456789") + rng.choice(ALPHANUMERIC)])
        self.exportability = rng.choice("ENS")
        self.kbpk = rng.randbytes(rng.choice((16, 24, 32) if self.version == "D" else (16, 24)))
        lengths = KEY_LENGTHS[self.algorithm]
        self.key = rng.randbytes(rng.choice(lengths) if lengths else rng.randint(1, 200))
        ids = rng.sample(["KS", "LB", "TS", "IK", "CT", "10", "Z9"], rng.randint(0, 4))
        self.optional = [[id, "".join(rng.choices(PRINTABLE, k=rng.randint(0, 251)))] for id in ids]

    def fields(self):
        names = ("version", "usage", "algorithm", "mode", "key_version", "exportability")
        return {name: getattr(self, name) for name in names}

    def header(self):
        """The header as psec has it."""
        header = tr31.Header(
            self.version, self.usage, self.algorithm, self.mode, self.key_version, self.exportability
        )
        for id, data in self.optional:
            header.blocks[id] = data
        return header


def same_as_theirs(case, header, key, block):
    """What psec reads out of a block is what went into it."""
    read = {
        "version": header.version_id,
        "usage": header.key_usage,
        "algorithm": header.algorithm,
        "mode": header.mode_of_use,
        "key_version": header.version_num,
        "exportability": header.exportability,
    }
    optional = [[id, header.blocks[id]] for id in header.blocks if id != "PB"]
    if (read, optional, key) != (case.fields(), case.optional, case.key):
        disagree("psec reads another key block than we wrapped", block=block, header=read, optional=optional)


def same_as_ours(case, answer, block):
    """What we read out of a block is what went into it."""
    if not answer["ok"]:
        disagree("paytool refuses a key block of psec", block=block, error=answer["error"])
    read = {name: answer[name] for name in case.fields()}
    optional = [pair for pair in answer["opt_blocks"] if pair[0] != "PB"]
    if (read, optional, answer["key"]) != (case.fields(), case.optional, case.key.hex().upper()):
        disagree("we read another key block than psec wrapped", block=block, header=read, optional=optional)


def one_character_changed(rng, block):
    at = rng.randrange(len(block))
    other = rng.choice([character for character in "0123456789ABCDEF" if character != block[at]])
    return block[:at] + other + block[at + 1 :]


def refuses(kbpk, block):
    """Whether psec refuses a block."""
    try:
        tr31.unwrap(kbpk, block)
    except (tr31.HeaderError, tr31.KeyBlockError):
        return True
    return False


def theirs(rng, paytool, count):
    """Blocks that psec wraps."""
    cases = [Case(rng) for _ in range(count)]
    # None fills up to the longest key of the algorithm, 0 not at all.
    blocks = [tr31.wrap(case.kbpk, case.header(), case.key, rng.choice((None, 0, 40))) for case in cases]
    changed = [one_character_changed(rng, block) for block in blocks]
    both = list(zip(cases, blocks)) + list(zip(cases, changed))
    answers = paytool.ask([{"op": "keyblock.unwrap", "kbpk": case.kbpk.hex(), "block": block} for case, block in both])
    for (case, block), answer in zip(both[:count], answers[:count]):
        same_as_ours(case, answer, block)
    for (case, block), answer in zip(both[count:], answers[count:]):
        if answer["ok"] or not refuses(case.kbpk, block):
            disagree("a changed key block opens", block=block, ours=answer["ok"])


def ours(rng, paytool, count):
    """Blocks that we wrap."""
    cases = [Case(rng) for _ in range(count)]
    requests = [
        {"op": "keyblock.wrap", "kbpk": case.kbpk.hex(), "key": case.key.hex(), "opt_blocks": case.optional, **case.fields()}
        for case in cases
    ]
    for case, answer in zip(cases, paytool.ask(requests)):
        if not answer["ok"]:
            disagree("paytool refuses to wrap", header=case.fields(), error=answer["error"])
        same_as_theirs(case, *tr31.unwrap(case.kbpk, answer["block"]), answer["block"])


def main():
    rng = random.Random(9_143)
    paytool = Paytool(sys.argv[1])
    for _ in range(0, CASES, CHUNK):
        theirs(rng, paytool, CHUNK)
        ours(rng, paytool, CHUNK)
    print(f"psec: {CASES} key blocks each way are the same")


if __name__ == "__main__":
    main()
