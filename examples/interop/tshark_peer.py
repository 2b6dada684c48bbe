#!/usr/bin/env python3
"""Sets paytool against tshark's dissector for ISO 8583.

Proves, for 100 random messages each of iso87-ascii and iso87-bcd that we encode: tshark finds none of them malformed
and shows the message type and every value as they went in. They are made of the data elements on which its table agrees
with ours, and keep clear of what else its dissector does not read. Each of those things is shown by a message of its
own (EXCLUDED, AVOIDED), with what tshark 4.0 makes of it: should another version make something else of it, the script
says so and fails.

    python3 tshark_peer.py PAYTOOL
"""

import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
from collections import namedtuple

from paytool import Paytool, disagree, same_message
from pcap import capture
from tables import ALPHABETS, ISO87, message, table

MESSAGES = 100
PORT = 8583
MTIS = ("0100", "0110", "0200", "0210", "0220", "0400", "0430", "0500", "0800")
MAC = {128: "0123456789ABCDEF"}

# tshark's preferences for numbers and for binary values.
PREFERENCES = {"iso87-ascii": ("ascii", "ascii"), "iso87-bcd": ("bcd", "bin")}

# To tshark `an` has no blank, and 54 is `an`: such values are random without them.
NO_BLANK = ALPHABETS["an"].replace(" ", "")

ASCII, BCD, BOTH = ("iso87-ascii",), ("iso87-bcd",), ("iso87-ascii", "iso87-bcd")
# What tshark makes of a message that it does not take for one.
NO_MESSAGE = "no message"

# A message: its values, the element to look at, what tshark shows there (None: no such element), whether it calls the
# message malformed, and why.
Difference = namedtuple("Difference", "dialects number fields shown malformed why")


def differs(dialects, number, value, shown, malformed, why):
    return Difference(dialects, number, {number: value} | MAC, shown, malformed, why)


# Data elements that are not compared.
N15 = "n 15 there; n 16 in the standard"
EXCLUDED = (
    differs(BOTH, 36, "411111111=2512", "411111111=2512", True, "an there; a track has separators"),
    differs(BOTH, 53, "2600000000000017", "26000000", False, "n 8 there; n 16 in the standard"),
    differs(BOTH, 65, "80", None, True, "there a third bitmap, which it does not read"),
    *(differs(ASCII, n, "1000000000001999", "100000000000199", False, N15) for n in range(86, 90)),
    *(differs(BCD, n, "1000000000001999", "000000000001999", False, N15) for n in range(86, 90)),
    differs(ASCII, 92, "A1", "A1", True, "n 2 there; an 2 in most tables"),
    differs(BCD, 92, "A1", "41", False, "n 2 there; an 2 in most tables"),
    differs(ASCII, 93, "AB12C", "AB12C", True, "n 5 there; an 5 in most tables"),
    differs(BCD, 93, "AB12C", "14231", False, "n 5 there; an 5 in most tables"),
    *(differs(BCD, n, "C00000025", "300000025", False, "the sign is a letter, there a digit") for n in range(28, 32)),
    differs(BCD, 97, "D0000000000000025", "40000000000000025", False, "the sign is a letter, there a digit"),
    differs(BCD, 35, "4111111111111111=2512", None, True, "the length counts digits, there bytes"),
)

# 16 bytes of this message from its fifth on are below 80 and not zero.
DENSE = {4: "1" * 12, 11: "1" * 6, 22: "111", 26: "11", 37: "1" * 12, 42: "1" * 15, 50: "978", 64: "11" * 8}

# What random messages keep clear of.
AVOIDED = (
    differs(BOTH, 38, "12 45 ", "12 45 ", True, "no blank in an there (37, 39, 50, 51, 54)"),
    differs(BOTH, 44, "", "", True, "no empty value there"),
    differs(BCD, 2, "4111111111111", "1111111111110", False, "odd digits: pad on the left there (32, 33, 99, 100)"),
    Difference(BCD, 123, {123: "A"}, None, True, "reads beyond a last value of one character"),
    Difference(BCD, 11, {11: "000001"}, NO_MESSAGE, False, "no message there that is shorter than 20 bytes"),
    Difference(BCD, 4, DENSE, NO_MESSAGE, False, "a binary bitmap is taken for wrong hexadecimal digits"),
)

# What tshark makes of a message.
Seen = namedtuple("Seen", "mti fields malformed")


def dissect(dialect, encoded):
    """What tshark sees in messages, each sent after two bytes of length."""
    numbers, binary = PREFERENCES[dialect]
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "messages.pcap")
        with open(path, "wb") as file:
            file.write(capture(PORT, [struct.pack(">H", len(one)) + one for one in encoded]))
        command = ["tshark", "-r", path, "-T", "json", "-d", f"tcp.port=={PORT},iso8583"]
        for name, value in ("len_endian", "bigendian"), ("charset", numbers), ("binencode", binary):
            command += ["-o", f"iso8583.{name}:{value}"]
        # Nobody's own settings.
        environment = {**os.environ, "WIRESHARK_CONFIG_DIR": directory, "HOME": directory}
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment)
    if done.returncode != 0:
        disagree(f"tshark: exit status {done.returncode}", stderr=done.stderr.strip())
    packets = json.loads(done.stdout)
    if len(packets) != len(encoded):
        disagree("tshark: packets are missing", sent=len(encoded), shown=len(packets))
    return [seen(packet["_source"]["layers"]) for packet in packets]


def seen(layers):
    if "iso8583" not in layers:
        return NO_MESSAGE
    shown = layers["iso8583"]
    numbers = {key: re.fullmatch(r"iso8583\.bit(\d+)", key) for key in shown}
    fields = {int(number[1]): shown[key] for key, number in numbers.items() if number}
    malformed = "_ws.malformed" in layers or '"iso8583.MALFORMED"' in json.dumps(layers)
    return Seen(shown["iso8583.mti"], fields, malformed)


def without_strays(elements, fields):
    """Binary values cut to their length.

    tshark 4.0 writes the digits of a packed message's binary value into a buffer half as long, and shows behind them
    what stands there by then: `0123456789ABCDEF` is shown with one character more.
    """
    return {
        number: text[: 2 * elements[number].length] if elements[number].kind == "b" else text
        for number, text in fields.items()
    }


def taken_for_text(encoded):
    """Whether tshark takes a binary bitmap for wrong hexadecimal digits.

    It reads 16 bytes from the fifth of the message on as text, up to a zero byte, and gives the message up where that
    text is 16 bytes long; a byte from 80 on is a replacement character there, three bytes.
    """
    text = encoded[4:20].split(b"\0")[0]
    return sum(3 if byte >= 0x80 else 1 for byte in text) == 16


def random_message(rng, dialect, elements):
    """A random message of what tshark reads."""
    mti, fields = message(rng, elements, MTIS, shortest=2)
    for number, value in fields.items():
        if number == 54 or elements[number].kind == "an":
            fields[number] = "".join(c if c in NO_BLANK else rng.choice(NO_BLANK) for c in value)
        elif dialect == "iso87-bcd" and elements[number].kind == "n" and elements[number].digits:
            # An odd digit is on the right here, on the left there.
            fields[number] = value[: len(value) & ~1]
    # With the last element binary the message is long enough, and does not end in what tshark reads beyond.
    return mti, fields | MAC


def compare(paytool, rng, dialect):
    excluded = {row.number for row in EXCLUDED if dialect in row.dialects}
    elements = {number: element for number, element in table(ISO87).items() if number not in excluded}
    messages = [random_message(rng, dialect, elements) for _ in range(MESSAGES + 20)]
    pairs = [
        pair
        for pair in zip(messages, paytool.encode(dialect, messages))
        if not (dialect == "iso87-bcd" and taken_for_text(pair[1]))
    ][:MESSAGES]
    unseen = elements.keys() - {number for (_, fields), _ in pairs for number in fields}
    if unseen or len(pairs) < MESSAGES:
        disagree(f"{dialect}: too few random messages", messages=len(pairs), without=sorted(unseen))

    shown = dissect(dialect, [encoded for _, encoded in pairs])
    for index, ((sent, encoded), got) in enumerate(zip(pairs, shown)):
        what = f"{dialect}, message {index}, paytool to tshark"
        if got is NO_MESSAGE:
            disagree(f"{what}: not seen as ISO 8583", bytes=encoded.hex().upper())
        same_message(what, sent, (got.mti, without_strays(elements, got.fields)), encoded)
        if got.malformed:
            disagree(f"{what}: called malformed", bytes=encoded.hex().upper())
    size = sum(len(encoded) for _, encoded in pairs)
    print(f"tshark: {dialect}: {MESSAGES} messages, {len(elements)} data elements, {size} bytes: the same")


def show_differences(paytool, dialect):
    """Shows what tshark makes of the rest, and ends the run where that has changed."""
    rows = [row for row in EXCLUDED + AVOIDED if dialect in row.dialects]
    encoded = paytool.encode(dialect, [("0800", row.fields) for row in rows])
    for row, got, sent in zip(rows, dissect(dialect, encoded), encoded):
        shown, malformed = (NO_MESSAGE, False) if got is NO_MESSAGE else (got.fields.get(row.number), got.malformed)
        what = f"{dialect} {row.number}"
        value = repr(row.fields[row.number])
        text = {NO_MESSAGE: NO_MESSAGE, None: "nothing"}.get(shown, repr(shown)) + (", malformed" if malformed else "")
        if (shown, malformed) != (row.shown, row.malformed):
            why = f"tshark has changed: look again at {what} ({row.why})"
            disagree(why, sent=value, shown=text, bytes=sent.hex().upper())
        print(f"tshark differs: {what}: {value} is shown as {text}: {row.why}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    paytool = Paytool(sys.argv[1])
    rng = random.Random(8583)
    version = subprocess.run(["tshark", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    print(f"tshark: {version}")
    for dialect in PREFERENCES:
        compare(paytool, rng, dialect)
    for dialect in PREFERENCES:
        show_differences(paytool, dialect)


if __name__ == "__main__":
    main()
