#!/usr/bin/env python3
"""Sets paytool against psec: PIN blocks, PIN verification and MACs.

Proves, for 5,000 random cases, that both give the same: clear blocks of formats 0, 2 and 3, made and read; blocks of
formats 0, 2 and 3 under TDES and of format 4 under AES, made and read; the same blocks with one digit changed, read or
refused by both; MAC algorithms 1 (DES, TDES, AES) and 3 of ISO/IEC 9797-1 under paddings 1, 2 and 3, of any length; the
Visa PVV, with cases that need its second scan; the natural PIN and the offset of IBM 3624.

psec draws the fill of formats 3 and 4 itself: its blocks are read, and made again by us with the fill that they have.

What psec does otherwise is shown case by case (DIFFERENCES): should another version do something else, the script says
so and fails.

    python3 psec_peer.py PAYTOOL     with psec==1.3.0 installed
"""

import random
import sys
import warnings
from collections import Counter, namedtuple

# psec calls TDES by a name that its own peer is about to move.
warnings.simplefilter("ignore")

import psec  # noqa: E402: after the warnings are off

from paytool import Paytool, disagree  # noqa: E402

CASES = 5_000
# Cases at a time: so many are asked of one paytool.
CHUNK = 500
SECOND_SCANS = 10
# Test card numbers in a row: pieces of it have every length that both know.
PANS = "4111111111111111541333008901043462242423000000694761739001010010"

# A request, the name of its output, and what psec gives: None where it refuses.
Question = namedtuple("Question", "what request output theirs")


def digits(rng, count):
    return "".join(rng.choice("0123456789") for _ in range(count))


def nibbles(rng, letters, count):
    return "".join(rng.choice(letters) for _ in range(count))


def upper(encoded):
    return encoded.hex().upper()


def or_none(read, *arguments):
    """What psec reads, or None where it refuses."""
    try:
        return read(*arguments)
    except ValueError:
        return None


def one_digit_changed(rng, block):
    """The same block with another digit somewhere."""
    text = block.hex()
    at = rng.randrange(len(text))
    other = rng.choice([digit for digit in "0123456789abcdef" if digit != text[at]])
    return bytes.fromhex(text[:at] + other + text[at + 1 :])


def xor(one, other):
    return bytes(a ^ b for a, b in zip(one, other))


def random_pan(rng):
    """13 to 19 digits: psec takes no shorter one for formats 0 and 3."""
    length = rng.randint(13, 19)
    start = rng.randrange(len(PANS) - length + 1)
    return PANS[start : start + length]


def clear_blocks(rng, pin, pan):
    """Formats 0, 2 and 3: their block is ours, and what they read we read, changed or not."""
    pan_field = bytes(2) + bytes.fromhex(pan[-13:-1])
    third = psec.pinblock.encode_pinblock_iso_3(pin, pan)
    fill = upper(xor(third, pan_field))[2 + len(pin) :]
    formats = (
        ("iso0", psec.pinblock.encode_pinblock_iso_0(pin, pan), {"pan": pan}, {}),
        ("iso2", psec.pinblock.encode_pinblock_iso_2(pin), {}, {}),
        ("iso3", third, {"pan": pan}, {"fill": fill}),
    )
    key = rng.randbytes(rng.choice((16, 24)))
    for name, block, bound, filled in formats:
        enciphered = psec.des.encrypt_tdes_ecb(key, block)
        whole = {"format": name, **bound}
        under = {**whole, "cipher": "TDES", "key": upper(key)}
        made = {"pin": pin, **filled}
        yield Question(f"{name} made", {"op": "pin.encode", **whole, **made}, "block", upper(block))
        yield Question(f"{name} enciphered", {"op": "pin.encipher", **under, **made}, "block", upper(enciphered))
        yield Question(f"{name} read", {"op": "pin.decode", **whole, "block": upper(block)}, "pin", pin)
        yield Question(f"{name} deciphered", {"op": "pin.decipher", **under, "block": upper(enciphered)}, "pin", pin)
        changed = one_digit_changed(rng, block)
        read = getattr(psec.pinblock, f"decode_pinblock_iso_{name[-1]}")
        theirs = or_none(read, changed, *bound.values())
        yield Question(f"{name} changed", {"op": "pin.decode", **whole, "block": upper(changed)}, "pin", theirs)


def format_4(rng, pin, pan):
    key = rng.randbytes(rng.choice((16, 24, 32)))
    if rng.random() < 0.3:
        pan = pan[: rng.randint(2, 12)]
    block = psec.pinblock.encipher_pinblock_iso_4(key, pin, pan)
    middle = xor(psec.aes.decrypt_aes_ecb(key, block), psec.pinblock.encode_pan_field_iso_4(pan))
    fill = upper(psec.aes.decrypt_aes_ecb(key, middle)[8:])
    under = {"format": "iso4", "cipher": "AES", "key": upper(key), "pan": pan}
    made = {"op": "pin.encipher", **under, "pin": pin, "fill": fill}
    yield Question("iso4 enciphered", made, "block", upper(block))
    yield Question("iso4 deciphered", {"op": "pin.decipher", **under, "block": upper(block)}, "pin", pin)
    changed = one_digit_changed(rng, block)
    theirs = or_none(psec.pinblock.decipher_pinblock_iso_4, key, changed, pan)
    yield Question("iso4 changed", {"op": "pin.decipher", **under, "block": upper(changed)}, "pin", theirs)


def macs(rng):
    data = rng.randbytes(rng.choice((0, 1, 7, 8, 9, 15, 16, 17, rng.randrange(100), rng.randrange(600))))
    padding = rng.randint(1, 3)
    name, sizes, algorithm = rng.choice(
        (("DES", (8,), None), ("TDES", (16, 24), None), ("AES", (16, 24, 32), psec.mac.Algorithm.AES))
    )
    key = rng.randbytes(rng.choice(sizes))
    length = rng.randint(4, 16 if name == "AES" else 8)
    asked = {"op": "mac.iso9797", "padding": padding, "data": upper(data), "length": length}
    theirs = psec.mac.generate_cbc_mac(key, data, padding, length, algorithm)
    request = {**asked, "algorithm": 1, "cipher": name, "key": upper(key)}
    yield Question(f"MAC 1 {name} padding {padding}", request, "mac", upper(theirs))
    key, length = rng.randbytes(16), rng.randint(4, 8)
    theirs = psec.mac.generate_retail_mac(key[:8], key[8:], data, padding, length)
    request = {**asked, "algorithm": 3, "cipher": "DES", "key": upper(key), "length": length}
    yield Question(f"MAC 3 padding {padding}", request, "mac", upper(theirs))


def pvv_question(what, pvk, pvki, pin, pan):
    theirs = psec.pin.generate_visa_pvv(pvk, str(pvki), pin, pan)
    request = {"op": "pin.pvv", "pvk": upper(pvk), "pan": pan, "pvki": pvki, "pin": pin}
    return Question(what, request, "pvv", theirs)


def second_scans(rng):
    """PVVs of which the first scan finds fewer than 4 digits: one in some thousands, so they are looked for."""
    found = 0
    pvk = rng.randbytes(16)
    while found < SECOND_SCANS:
        pvki, pin, pan = rng.randrange(10), digits(rng, 4), random_pan(rng)
        parameter = psec.des.encrypt_tdes_ecb(pvk, bytes.fromhex(f"{pan[-12:-1]}{pvki}{pin}"))
        if sum(digit.isdigit() for digit in parameter.hex()) < 4:
            found += 1
            yield pvv_question("PVV by a second scan", pvk, pvki, pin, pan)


def ibm_3624(rng, pin, pan):
    pvk = rng.randbytes(16)
    table = "0123456789012345" if rng.random() < 0.2 else digits(rng, 16)
    start = rng.randrange(len(pan) - 4)
    length = rng.randint(1, min(16, len(pan) - start))
    pad = rng.choice("0123456789ABCDEF")
    data = pan[start : start + length].ljust(16, pad)
    taken = {"pan": pan, "pan_verify_offset": start, "pan_verify_length": length, "pan_pad": pad}
    natural = psec.pin.generate_ibm3624_pin(pvk, table, "0" * len(pin), **taken)
    offset = psec.pin.generate_ibm3624_offset(pvk, table, pin, **taken)
    request = {"op": "pin.ibm3624", "pvk": upper(pvk), "validation_data": data, "dec_table": table, "pin": pin}
    yield Question("IBM 3624 natural PIN", request, "natural_pin", natural)
    yield Question("IBM 3624 offset", request, "offset", offset)


def case(rng):
    pin, pan = digits(rng, rng.randint(4, 12)), random_pan(rng)
    yield from clear_blocks(rng, pin, pan)
    yield from format_4(rng, pin, pan)
    yield from macs(rng)
    yield pvv_question("PVV", rng.randbytes(16), rng.randrange(10), pin[:4], pan)
    yield from ibm_3624(rng, pin, pan)


def everything():
    """What has to occur, or less would be proven than is said; of what is changed, both outcomes."""
    for name in ("iso0", "iso2", "iso3"):
        yield from (f"{name} {done}" for done in ("made", "enciphered", "read", "deciphered"))
    yield from ("iso4 enciphered", "iso4 deciphered", "iso4 changed: refused")
    for name in ("iso0", "iso2", "iso3"):
        yield from (f"{name} changed: {outcome}" for outcome in ("read", "refused"))
    for padding in (1, 2, 3):
        yield from (f"MAC 1 {name} padding {padding}" for name in ("DES", "TDES", "AES"))
        yield f"MAC 3 padding {padding}"
    yield from ("PVV", "PVV by a second scan", "IBM 3624 natural PIN", "IBM 3624 offset")


def same_answers(paytool, questions, seen):
    """Ends the run at the first answer that is not psec's."""
    for question, answer in zip(questions, paytool.ask([question.request for question in questions])):
        kind = None if answer["ok"] else answer["error"]["kind"]
        ours = answer.get(question.output)
        refused = question.theirs is None and kind == "invalid_block"
        if not refused and (kind or ours != question.theirs):
            details = {"request": question.request, "psec": question.theirs or "refuses", "paytool": ours or kind}
            disagree(question.what, **details)
        if question.what.endswith("changed"):
            seen[f"{question.what}: {'refused' if refused else 'read'}"] += 1
        else:
            seen[question.what] += 1


def compare(paytool, rng):
    seen = Counter()
    for _ in range(0, CASES, CHUNK):
        same_answers(paytool, [question for _ in range(CHUNK) for question in case(rng)], seen)
    same_answers(paytool, list(second_scans(rng)), seen)
    missing = [what for what in everything() if not seen[what]]
    if missing:
        disagree("the random cases are too few", missing=missing)
    print(f"psec: {CASES} cases, {sum(seen.values())} answers: the same")


# What is asked of psec (it raises ValueError where it refuses: None), our request, the two answers (ours: an output or
# the kind of an error), and why.
Difference = namedtuple("Difference", "theirs psec request paytool why")
KEY = "0123456789ABCDEFFEDCBA9876543210"
TEST_KEY = bytes.fromhex(KEY)
PAN = "4111111111111111"
DIFFERENCES = (
    Difference(
        lambda: upper(psec.pinblock.encode_pinblock_iso_0("1234", PAN[:12])),
        None,
        {"op": "pin.encode", "format": "iso0", "pin": "1234", "pan": PAN[:12]},
        "041230EEEEEEEEEE",
        "a PAN of fewer than 13 digits is refused there, and zero-filled here",
    ),
    Difference(
        lambda: upper(psec.pinblock.encode_pinblock_iso_0("1234", PAN + PAN)),
        "041225EEEEEEEEEE",
        {"op": "pin.encode", "format": "iso0", "pin": "1234", "pan": PAN + PAN},
        "pan_length",
        "a PAN may have more than 19 digits there",
    ),
    Difference(
        lambda: upper(psec.pinblock.encode_pan_field_iso_4("4"))[:14],
        "00000000000040",
        {"op": "pin.encipher", "format": "iso4", "cipher": "AES", "key": KEY, "pin": "1234", "pan": "4"},
        "pan_length",
        "a PAN may have a single digit there, which would be the check digit",
    ),
    Difference(
        lambda: psec.pin.generate_visa_pvv(TEST_KEY, "1", "12345", PAN),
        None,
        {"op": "pin.pvv", "pvk": KEY, "pan": PAN, "pvki": 1, "pin": "12345"},
        psec.pin.generate_visa_pvv(TEST_KEY, "1", "1234", PAN),
        "of a longer PIN the first four digits count here; it is refused there",
    ),
    Difference(
        lambda: psec.pin.generate_visa_pvv(TEST_KEY[:8], "1", "1234", PAN),
        psec.pin.generate_visa_pvv(TEST_KEY[:8] * 2, "1", "1234", PAN),
        {"op": "pin.pvv", "pvk": KEY[:16], "pan": PAN, "pvki": 1, "pin": "1234"},
        "key_length",
        "the pair of keys may be a single DES key there",
    ),
    Difference(
        lambda: upper(psec.mac.generate_cbc_mac(TEST_KEY, b"", 1, 2)),
        upper(psec.mac.generate_cbc_mac(TEST_KEY, b"", 1)[:2]),
        {"op": "mac.iso9797", "algorithm": 1, "cipher": "TDES", "padding": 1, "key": KEY, "data": "", "length": 2},
        "mac_length",
        "a MAC may have fewer than 4 bytes there",
    ),
)


def show_differences(paytool):
    """Shows what psec does otherwise, and ends the run where that has changed."""
    for row in DIFFERENCES:
        theirs = or_none(row.theirs)
        answer = paytool.ask([row.request])[0]
        outputs = [value for name, value in answer.items() if name not in ("id", "ok")]
        ours = outputs[0] if answer["ok"] else answer["error"]["kind"]
        if (theirs, ours) != (row.psec, row.paytool):
            disagree(f"another answer than when this was written: {row.why}", psec=theirs, paytool=ours)
    print(f"psec: {len(DIFFERENCES)} differences at the edges, as known")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    paytool = Paytool(sys.argv[1])
    compare(paytool, random.Random(9564))
    show_differences(paytool)


if __name__ == "__main__":
    main()
