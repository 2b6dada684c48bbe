#!/usr/bin/env python3
"""Sets paytool against pyiso8583, an ISO 8583 library for Python.

Proves, for 1,000 random messages in each of iso87-ascii, iso87-bcd and iso93-ebcdic: what pyiso8583 encodes we read as
the same fields; what we encode pyiso8583 reads as the same fields; and both encode the same bytes. All data elements
from 2 to 128 but 65 occur (to pyiso8583 bit 65 is a third bitmap), every character of their classes, lengths from 0 to
the maximum, and odd numbers of packed digits: with the odd nibble on the left where the length is fixed, on the right
where it varies.

    python3 pyiso8583_peer.py PAYTOOL     with pyiso8583==4.0.1 installed
"""

import random
import sys

import iso8583

from paytool import Paytool, disagree, same_bytes, same_message
from tables import ISO87, ISO93, message, table

MESSAGES = 1_000
# Our dialect; the edition's table; its message types; what text, lengths and packed digits are to pyiso8583.
DIALECTS = (
    ("iso87-ascii", ISO87, ("0100", "0110", "0200", "0210", "0220", "0400", "0430", "0500", "0800"), "ascii"),
    ("iso87-bcd", ISO87, ("0100", "0110", "0200", "0210", "0220", "0400", "0430", "0500", "0800"), "bcd"),
    ("iso93-ebcdic", ISO93, ("1100", "1110", "1200", "1210", "1220", "1420", "1442", "1644", "1804"), "cp037"),
)


def peer_field(number, element, form):
    """A data element in pyiso8583's terms."""
    kind, length, digits = element
    field = {"data_enc": "ascii" if form == "bcd" else form, "len_enc": form, "max_len": length, "desc": ""}
    field["len_type"] = (digits + 1) // 2 if form == "bcd" else digits
    if kind == "b" and form == "ascii":
        # Binary values are text, two hexadecimal digits a byte.
        field["max_len"] = 2 * length
    elif kind == "b":
        field["data_enc"] = "b"
    elif kind == "x+n":
        field["max_len"] = 1 + length
        if form == "bcd":
            # The sign letter is a byte, the digits are packed.
            field.update(data_enc="b", max_len=1 + length // 2)
    elif form == "bcd" and (kind == "n" or number == 35):
        # Track 3 is text in this dialect.
        field.update(data_enc="b", len_count="nibbles", **{"right_pad" if digits else "left_pad": "0"})
    return field


def peer_spec(elements, form):
    """A table in pyiso8583's terms."""
    numbers = {"ascii": "ascii", "bcd": "b", "cp037": "cp037"}[form]
    bitmap = {"data_enc": "ascii", "max_len": 16} if form == "ascii" else {"data_enc": "b", "max_len": 8}
    spec = {str(number): peer_field(number, element, form) for number, element in elements.items()}
    spec["h"] = {"data_enc": "b", "len_enc": "b", "len_type": 0, "max_len": 0, "desc": ""}
    spec["t"] = {"data_enc": numbers, "len_enc": "b", "len_type": 0, "max_len": 2 if numbers == "b" else 4, "desc": ""}
    spec["p"] = spec["1"] = {"len_enc": "b", "len_type": 0, "desc": "", **bitmap}
    return spec


def to_peer(elements, form, mti, fields):
    """A message as pyiso8583 wants it: packed values that are not only digits are given in hexadecimal."""
    values = {"t": mti}
    for number, value in fields.items():
        if form == "bcd" and number == 35:
            value = value.replace("=", "D")
        elif form == "bcd" and elements[number].kind == "x+n":
            value = value[:1].encode().hex().upper() + value[1:]
        values[str(number)] = value
    return values


def from_peer(elements, form, values):
    """The reverse of to_peer; bitmaps are left out."""
    fields = {int(key): value for key, value in values.items() if key not in ("t", "p", "1")}
    for number, value in fields.items():
        if form == "bcd" and number == 35:
            fields[number] = value.replace("D", "=")
        elif form == "bcd" and elements[number].kind == "x+n":
            fields[number] = bytes.fromhex(value[:2]).decode("latin-1") + value[2:]
    return values["t"], fields


def compare(paytool, rng, dialect, rows, mtis, form):
    elements = table(rows)
    spec = peer_spec(elements, form)
    messages = [message(rng, elements, mtis) for _ in range(MESSAGES)]
    unseen = elements.keys() - {number for _, fields in messages for number in fields}
    if unseen:
        disagree(f"{dialect}: the random messages miss data elements", elements=sorted(unseen))

    theirs = [bytes(iso8583.encode(to_peer(elements, form, *sent), spec)[0]) for sent in messages]
    ours = paytool.encode(dialect, messages)
    read = paytool.parse(dialect, theirs)
    for index, sent in enumerate(messages):
        what = f"{dialect}, message {index}"
        same_message(f"{what}, pyiso8583 to paytool", sent, read[index], theirs[index])
        try:
            got = from_peer(elements, form, iso8583.decode(ours[index], spec)[0])
        except iso8583.DecodeError as error:
            disagree(f"{what}: pyiso8583 refuses our bytes: {error}", bytes=ours[index].hex().upper())
        same_message(f"{what}, paytool to pyiso8583", sent, got, ours[index])
        same_bytes(f"{what}, encoded by both", ours[index], theirs[index])

    size = sum(map(len, ours))
    print(f"pyiso8583: {dialect}: {MESSAGES} messages each way, {len(elements)} data elements, {size} bytes: the same")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    rng = random.Random(8583)
    for dialect in DIALECTS:
        compare(Paytool(sys.argv[1]), rng, *dialect)


if __name__ == "__main__":
    main()
