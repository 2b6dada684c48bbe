#!/usr/bin/env python3
"""Sets paytool against cardutil, a library for Mastercard's IPM clearing files.

Proves, for 300 random messages each of mc-ipm (ISO 8859-1) and mc-ipm-ebcdic (code page 037), with private data
subelements, in a VBS file and in one of blocks of 1014 bytes:

- the file that cardutil writes we read as the same records, and these as the same fields;
- the file that we write of messages that we encoded cardutil reads as the same fields;
- records and files are, byte for byte, those that cardutil writes.

Records end at the edge of a block and up to four bytes before it, so that lengths lie over the edge; so do the lengths
of zero that end files.

    python3 cardutil_peer.py PAYTOOL     with cardutil==0.7.3 installed
"""

import datetime
import io
import os
import random
import re
import sys
import tempfile

from cardutil import iso8583, mciipm
from cardutil.config import config

from paytool import Paytool, disagree, same_bytes, same_message
from tables import ALPHABETS, characters, message, table

# It writes each message out for a log that is off, which takes most of its time.
iso8583.hexdump = lambda *_, **__: ""

MESSAGES = 300
BLOCK, FILL = 1_012, b"\x40"
MTIS = ("1240", "1442", "1644", "1740")

# The elements of IPM messages as cardutil's configuration has them, but the number of the message (71), the time (12)
# and private data subelements, which are drawn apart.
IPM = table("""
    2 n..19, 3 n6, 4-6 n12, 9-10 n8, 14 n4, 22 an12, 23-24 n3, 25-26 n4, 30 n24, 31 ans..23, 32-33 n..11, 37 an12,
    38 an6, 40 n3, 41 ans8, 42 ans15, 43 ans..99, 49-51 n3, 54 ans...120, 55 b...255, 63 ans...16, 72 ans...999,
    73 n6, 93-94 n..11, 95 ans..99, 100 n..11, 105 ans...999, 111 ans...999,
    127 ans...999
""")

# Elements that hold private data subelements, 999 bytes each. A message here has all of them under the first.
HOLDERS = (48, 62, 123, 124, 125)
# Subelements are free text: the upper half of ISO 8859-1 as well.
FREE = ALPHABETS["ans"] + "".join(map(chr, range(0xA0, 0x100)))


def random_message(rng, number):
    """A random message with its number, which every IPM message has; at most 6,000 bytes, which cardutil reads."""
    mti, fields = message(rng, IPM, MTIS, shortest=1)
    if 55 in fields:
        fields[55] = chip_data(rng, len(fields[55]) // 2)
    count = rng.choice((0, 1, 5, 20, 70))
    if count == 70:
        fields = {number: value for number, value in fields.items() if number not in (72, 111, 127)}
    if count:
        tags = sorted(rng.sample(range(1, 10_000), count))
        fields[48] = {f"{tag:04}": characters(rng, FREE, rng.randrange(100)) for tag in tags}
    if rng.random() < 0.5:
        instant = datetime.datetime(2000, 1, 1) + datetime.timedelta(seconds=rng.randrange(10**9))
        fields[12] = instant.strftime("%y%m%d%H%M%S")
    return mti, fields | {71: f"{number:08}"}


def chip_data(rng, length):
    """BER-TLV, which cardutil takes apart: unpredictable numbers, as many as fit, and what kind of cryptogram it is."""
    return "".join(f"9F3704{rng.randbytes(4).hex().upper()}" for _ in range((length - 4) // 7)) + "9F270180"


def ending(rng, number, position, gap):
    """A message whose record begins at a position of the file and ends so many bytes before the edge of a block."""
    # The record's length, message type, two bitmaps, element 71, and the lengths of two others.
    text = -(position + 4 + 4 + 16 + 8 + 3 + 3 + gap) % BLOCK
    text += BLOCK if text < 2 else 0
    half = text // 2
    ans = ALPHABETS["ans"]
    return MTIS[0], {71: f"{number:08}", 72: characters(rng, ans, half), 111: characters(rng, ans, text - half)}


def to_cardutil(sent):
    """A message as cardutil wants it: times and bytes by type, subelements as values of their own."""
    mti, fields = sent
    values = {"MTI": mti} | {f"DE{number}": value for number, value in fields.items() if number not in (12, 48, 55)}
    values |= {f"PDS{tag}": text for tag, text in fields.get(48, {}).items()}
    if 12 in fields:
        values["DE12"] = datetime.datetime.strptime(fields[12], "%y%m%d%H%M%S")
    if 55 in fields:
        values["DE55"] = bytes.fromhex(fields[55])
    return values


def from_cardutil(values):
    """The reverse of to_cardutil; what cardutil takes out of elements 43 and 55 is left out."""
    fields, subelements = {}, {}
    for name, value in values.items():
        if name.startswith("PDS"):
            subelements[name[3:]] = value
        elif re.fullmatch(r"DE\d+", name) and int(name[2:]) not in HOLDERS:
            if isinstance(value, int):
                value = f"{value:0{config['bit_config'][name[2:]]['field_length']}}"
            elif isinstance(value, datetime.datetime):
                value = value.strftime("%y%m%d%H%M%S")
            elif isinstance(value, bytes):
                value = value.hex().upper()
            fields[int(name[2:])] = value
    return values["MTI"], fields | ({48: subelements} if subelements else {})


def to_paytool(sent):
    """A message with its subelements in the elements that hold them, each filled before the next is begun."""
    mti, fields = sent
    fields = dict(fields)
    holders, room = iter(HOLDERS), 0
    for tag, text in fields.pop(48, {}).items():
        if room < 7 + len(text):
            holder, room = next(holders), 999
            fields[holder] = {}
        fields[holder][tag] = text
        room -= 7 + len(text)
    return mti, fields


def from_paytool(got):
    """The reverse of to_paytool."""
    mti, fields = got
    subelements = [pair for holder in HOLDERS for pair in fields.get(holder, {}).items()]
    fields = {number: value for number, value in fields.items() if number not in HOLDERS}
    return mti, fields | ({48: dict(subelements)} if subelements else {})


def compare(paytool, what, dialect, encoding, messages, blocked):
    """One file each way."""
    flags = ["--blocked"] if blocked else []
    records = [iso8583.dumps(to_cardutil(sent), encoding=encoding) for sent in messages]
    encoded = paytool.encode(dialect, map(to_paytool, messages))
    for index, (ours, theirs) in enumerate(zip(encoded, records)):
        same_bytes(f"{what}, message {index}, encoded by both", ours, theirs)
    theirs = io.BytesIO()
    with mciipm.IpmWriter(theirs, encoding=encoding, blocked=blocked) as writer:
        writer.write_many(map(to_cardutil, messages))

    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "theirs.ipm")
        with open(path, "wb") as file:
            file.write(theirs.getvalue())
        read = [bytes.fromhex(line) for line in paytool.run("ipm", "read", "--hex", path, *flags)]
        if len(read) != len(records):
            disagree(f"{what}, cardutil to paytool: number of records", sent=len(records), got=len(read))
        for index, (sent, got) in enumerate(zip(records, read)):
            same_bytes(f"{what}, record {index}, cardutil to paytool", got, sent)
        for index, (sent, got) in enumerate(zip(messages, paytool.parse(dialect, read))):
            same_message(f"{what}, message {index}, cardutil to paytool", sent, from_paytool(got), read[index])

        path = os.path.join(directory, "ours.ipm")
        paytool.run("ipm", "write", path, *flags, lines=[record.hex() for record in encoded])
        with open(path, "rb") as file:
            same_bytes(f"{what}, file", file.read(), without_spare_block(theirs.getvalue(), blocked))
            file.seek(0)
            try:
                read = list(mciipm.IpmReader(file, encoding=encoding, blocked=blocked))
            except mciipm.MciIpmDataError as error:
                disagree(f"{what}, paytool to cardutil: refused: {error}")
        if len(read) != len(messages):
            disagree(f"{what}, paytool to cardutil: number of records", sent=len(messages), got=len(read))
        for index, (sent, got) in enumerate(zip(messages, read)):
            same_message(f"{what}, message {index}, paytool to cardutil", sent, from_cardutil(got), encoded[index])


def without_spare_block(file, blocked):
    """A file of cardutil without the block of nothing but fill that it adds where the last one is just full."""
    spare = FILL * (BLOCK + 2)
    return file[: -len(spare)] if blocked and file.endswith(spare) else file


def random_messages(rng, encoding):
    """Random messages, after every tenth one that ends at the edge of a block or one to four bytes before it."""
    messages, position = [], 0
    for index in range(MESSAGES):
        messages.append(random_message(rng, len(messages) + 1))
        position += 4 + len(iso8583.dumps(to_cardutil(messages[-1]), encoding=encoding))
        if index % 10 == 9:
            gap = index // 10 % 5
            messages.append(ending(rng, len(messages) + 1, position, gap))
            position += 4 + len(iso8583.dumps(to_cardutil(messages[-1]), encoding=encoding))
            if (position + gap) % BLOCK:
                disagree("a record does not end where it should", position=position, gap=gap)
    return messages


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    paytool = Paytool(sys.argv[1])
    rng = random.Random(8583)
    for dialect, encoding in ("mc-ipm", "latin_1"), ("mc-ipm-ebcdic", "cp037"):
        messages = random_messages(rng, encoding)
        used = {number for sent in messages for number in to_paytool(sent)[1]}
        unseen = (IPM.keys() | {12, 71, *HOLDERS}) - used
        if unseen:
            disagree(f"{dialect}: the random messages miss data elements", elements=sorted(unseen))
        for blocked in False, True:
            form = "blocks of 1014" if blocked else "VBS"
            compare(paytool, f"{dialect}, {form}", dialect, encoding, messages, blocked)
            # Files that end near the edge of a block, with their length of zero after, over and before it.
            for gap in range(6) if blocked else ():
                last = [ending(rng, 1, 0, gap)]
                compare(paytool, f"{dialect}, {form}, one record, {gap} bytes left", dialect, encoding, last, blocked)
            print(f"cardutil: {dialect}, {form}: {len(messages)} records each way, {len(used)} data elements: the same")


if __name__ == "__main__":
    main()
