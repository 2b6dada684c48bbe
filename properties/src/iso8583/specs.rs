//! Dialects by hand, with what no shipped one has: composites of every layout, every pad, EBCDIC, other bitmaps.

use iso8583_wire::{
    BitmapEncoding, Bitmaps, Class, Composite, Encoding, Field, MtiEncoding, Pad, Prefix,
    Sensitivity, Spec, Subfield, Tables, Tag, Unit, dialect,
};

use Class::{A, An, AnStrict, Anp, Ans, Any, As, B, N, Ns, Xn, Z};
use Encoding::{
    Bcd, Ebcdic037, Ebcdic500, Ebcdic1047, EbcdicHex, Hex, Latin1, Raw, ZonedAscii, ZonedEbcdic,
};

/// Every dialect by hand.
static BY_HAND: &[&Spec<'static>] = &[
    &PARTS,
    &PADS,
    &EBCDIC,
    &EDITIONS,
    &THIRD_IN_FIELD_65,
    &ONE_BITMAP,
    &SHORT_PARTS,
    &LONG_PARTS,
];

/// Every dialect that the properties run under, the shipped ones first.
pub(super) fn all() -> impl Iterator<Item = &'static Spec<'static>> + Clone {
    dialect::ALL.iter().chain(BY_HAND).copied()
}

/// The one that a number chooses.
pub(super) fn one_of(number: u8) -> &'static Spec<'static> {
    all().cycle().nth(number.into()).unwrap()
}

const fn table<const LENGTH: usize>(fields: &[(u16, Field)]) -> [Option<Field>; LENGTH] {
    let mut table = [None; LENGTH];
    let mut index = 0;
    while index < fields.len() {
        let (number, field) = fields[index];
        table[number as usize] = Some(field);
        index += 1;
    }
    table
}

const fn f(class: Class, length: u16) -> Field {
    Field::fixed(class, length)
}

const fn ll(class: Class, max: u16) -> Field {
    Field::variable(class, Prefix::ascii(2), max)
}

const fn lll(class: Class, max: u16) -> Field {
    Field::variable(class, Prefix::ascii(3), max)
}

/// Composites of every layout in text: tags in 48, places in 3 and 44, a bitmap in 63 and, nested, in 127, datasets in 104,
/// BER-TLV in 55 and 56.
static PARTS: Spec<'static> = Spec::with_tables(
    "parts",
    MtiEncoding::Ascii,
    BitmapEncoding::Hex,
    Bitmaps::UpToTwo,
    Tables::of(&PARTS_FIELDS).with_parts(&PARTS_SUBFIELDS, &PARTS_COMPOSITES),
);

static PARTS_FIELDS: [Option<Field>; 129] = table(&[
    (2, ll(N, 19).sensitive(Sensitivity::Pan)),
    (3, f(N, 6).composed(0)),
    (4, f(N, 12)),
    (11, f(N, 6)),
    (35, ll(Z, 37).sensitive(Sensitivity::Track)),
    (39, f(An, 2)),
    (44, ll(Ans, 60).composed(1)),
    (48, lll(Ans, 999).composed(2)),
    (52, f(B, 8).encoded(Hex).sensitive(Sensitivity::Pin)),
    (55, lll(B, 255).composed(3)),
    (56, lll(B, 255).encoded(Hex).composed(3)),
    (62, Field::variable(Any, Prefix::ber(3), 400).encoded(Raw).composed(4)),
    (63, lll(Ans, 99).encoded(Latin1).composed(5)),
    (64, f(B, 8).encoded(Hex).sensitive(Sensitivity::Key)),
    (70, f(N, 3)),
    (104, lll(B, 999).composed(6)),
    (127, Field::variable(B, Prefix::ascii(6), 9999).composed(7)),
    (128, f(B, 8).encoded(Hex).sensitive(Sensitivity::Key)),
]);

static PARTS_COMPOSITES: [Composite; 14] = [
    // 0: transaction type and the two accounts.
    Composite::positional(0..3),
    Composite::positional(3..6),
    Composite::tagged(Tag::ascii(2), Prefix::ascii(2), 6..10),
    Composite::BER_TLV,
    Composite::tagged(Tag::bcd(3), Prefix::binary(1).counting_itself(), 10..13).with_unknown(None),
    // 5: behind three bytes that are kept.
    Composite::bitmapped(BitmapEncoding::Hex, 2, 13..17).with_header(3),
    Composite::datasets(17..20),
    Composite::bitmapped(BitmapEncoding::Binary, 8, 20..24),
    // 8: a part of 48, and of 127.25.
    Composite::positional(24..27),
    // 9: datasets with bitmaps.
    Composite::dataset(27..32),
    // 10: 127.25.
    Composite::bitmapped(BitmapEncoding::Hex, 8, 32..35),
    // 11: the deepest parts.
    Composite::tagged(Tag::ascii(1), Prefix::hex(1), 35..36),
    Composite::positional(36..38),
    Composite::BER_TLV,
];

static PARTS_SUBFIELDS: [Subfield; 38] = [
    Subfield::new(1, f(N, 2)),
    Subfield::new(2, f(N, 2)),
    Subfield::new(3, f(N, 2)),
    Subfield::new(1, f(An, 4)),
    Subfield::new(2, ll(Ans, 9)),
    Subfield::new(3, Field::up_to(Ans, 30).composed(12)),
    Subfield::new(42, Field::up_to(N, 7)),
    Subfield::new(61, f(An, 5)),
    Subfield::new(71, Field::up_to(Ans, 40).composed(8)),
    Subfield::new(72, Field::up_to(Z, 40).sensitive(Sensitivity::Track)),
    Subfield::new(1, Field::up_to(B, 20)),
    Subfield::new(2, f(N, 4).encoded(Bcd).counted_in(Unit::Bytes)),
    Subfield::new(158, Field::up_to(Any, 60).encoded(Raw).composed(9)),
    Subfield::new(1, f(N, 3)),
    Subfield::new(4, ll(Ans, 12)),
    Subfield::new(9, f(B, 2).encoded(Hex)),
    Subfield::new(16, ll(Any, 30).encoded(Latin1)),
    Subfield::new(0x56, Field::up_to(B, 200).composed(13)),
    Subfield::new(0x57, Field::up_to(B, 200).composed(9)),
    Subfield::new(0x66, Field::up_to(B, 90)),
    Subfield::new(2, ll(Ans, 32)),
    Subfield::new(3, f(Xn, 9)),
    Subfield::new(25, Field::variable(Ans, Prefix::ascii(4), 800).composed(10)),
    Subfield::new(39, f(An, 2)),
    Subfield::new(1, f(N, 2)),
    Subfield::new(2, Field::variable(An, Prefix::hex(1), 9)),
    Subfield::new(3, Field::up_to(Ans, 9)),
    Subfield::new(1, f(N, 4).encoded(Bcd)),
    Subfield::new(2, Field::variable(Ans, Prefix::binary(1), 9)),
    Subfield::new(15, f(B, 1)),
    Subfield::new(16, f(B, 2)),
    Subfield::new(23, f(N, 2)),
    Subfield::new(1, ll(Ans, 20).composed(11)),
    Subfield::new(2, ll(Ans, 20).composed(12)),
    Subfield::new(64, f(N, 1)),
    Subfield::new(7, Field::up_to(N, 5)),
    Subfield::new(1, f(N, 1)),
    Subfield::new(2, Field::up_to(An, 8)),
];

/// Packed digits with every pad, every nibble, every sign, behind lengths in every notation; two bitmaps always.
static PADS: Spec<'static> = Spec::with_tables(
    "pads",
    MtiEncoding::Bcd,
    BitmapEncoding::Binary,
    Bitmaps::Two,
    Tables::of(&PADS_FIELDS).with_parts(&PADS_SUBFIELDS, &PADS_COMPOSITES),
);

const fn n(length: u16) -> Field {
    f(N, length).encoded(Bcd)
}

const fn digits(prefix: Prefix) -> Field {
    Field::variable(N, prefix, 9).encoded(Bcd)
}

static PADS_FIELDS: [Option<Field>; 129] = table(&[
    (2, digits(Prefix::bcd(2)).padded(Pad::RIGHT_F).sensitive(Sensitivity::Pan)),
    (3, n(3)),
    (4, n(5).padded(Pad::RIGHT_ZERO)),
    (5, n(3).padded(Pad::LEFT_F)),
    (6, n(3).padded(Pad::RIGHT_F)),
    (7, n(3).padded(Pad::LEFT_ANY)),
    (8, n(3).padded(Pad::RIGHT_ANY)),
    (9, n(6)),
    (10, n(6).counted_in(Unit::Bytes)),
    (11, digits(Prefix::ascii(1))),
    (12, digits(Prefix::ebcdic(2)).padded(Pad::LEFT_F)),
    (13, digits(Prefix::binary(1)).with_hex_nibbles()),
    (14, digits(Prefix::hex(2)).padded(Pad::RIGHT_ANY)),
    (15, digits(Prefix::ber(1)).counted_in(Unit::Bytes)),
    (16, digits(Prefix::bcd(2).counting_itself()).counted_in(Unit::Bytes)),
    (28, f(Xn, 9).encoded(Bcd)),
    (29, f(Xn, 8).encoded(Bcd).with_ebcdic_sign().padded(Pad::RIGHT_F)),
    (30, Field::variable(Xn, Prefix::bcd(2), 9).encoded(Bcd).with_other_signs()),
    (31, f(Xn, 5).encoded(Bcd).counted_in(Unit::Bytes).with_ebcdic_sign().with_other_signs()),
    (35, Field::variable(Z, Prefix::bcd(2), 37).encoded(Bcd).padded(Pad::RIGHT_F)),
    (36, Field::variable(Z, Prefix::bcd(3), 104).encoded(Bcd).with_hex_nibbles()),
    (37, f(Z, 7).encoded(Bcd).padded(Pad::LEFT_ANY)),
    (48, Field::variable(B, Prefix::binary(2).counting_itself(), 300).composed(0)),
    (52, Field::bits(64)),
    (60, Field::variable(B, Prefix::bcd(3), 99).composed(1)),
    (64, Field::bits(64)),
    (65, Field::bits(8)),
    (120, Field::variable(Ans, Prefix::ber(4), 2000)),
    (128, Field::bits(64)),
]);

static PADS_COMPOSITES: [Composite; 2] =
    [Composite::tagged(Tag::bcd(2), Prefix::bcd(2), 0..3), Composite::positional(3..6)];

static PADS_SUBFIELDS: [Subfield; 6] = [
    Subfield::new(1, n(3).padded(Pad::RIGHT_F)),
    Subfield::new(2, Field::up_to(N, 9).encoded(Bcd).padded(Pad::LEFT_F)),
    Subfield::new(3, Field::up_to(Z, 37).encoded(Bcd)),
    Subfield::new(1, n(3)),
    Subfield::new(2, f(Xn, 4).encoded(Bcd)),
    Subfield::new(3, Field::up_to(N, 12).encoded(Bcd).counted_in(Unit::Bytes)),
];

/// EBCDIC throughout, zoned amounts, up to three bitmaps of EBCDIC digits.
static EBCDIC: Spec<'static> = Spec::with_tables(
    "ebcdic",
    MtiEncoding::Ebcdic,
    BitmapEncoding::EbcdicHex,
    Bitmaps::UpToThree,
    Tables::of(&EBCDIC_FIELDS).with_parts(&EBCDIC_SUBFIELDS, &EBCDIC_COMPOSITES),
);

const fn e(class: Class, max: u16) -> Field {
    Field::variable(class, Prefix::ebcdic(2), max).encoded(Ebcdic1047)
}

static EBCDIC_FIELDS: [Option<Field>; 193] = table(&[
    (2, e(N, 19).sensitive(Sensitivity::Pan)),
    (3, f(N, 6).encoded(Ebcdic037)),
    (4, f(N, 12).encoded(Ebcdic500)),
    (5, f(Xn, 12).encoded(ZonedEbcdic)),
    (6, Field::variable(Xn, Prefix::ebcdic(2).counting_itself(), 12).encoded(ZonedEbcdic)),
    (28, f(Xn, 9).encoded(Ebcdic037)),
    (35, e(Z, 37)),
    (41, f(Ans, 8).encoded(Ebcdic500)),
    (42, f(An, 5).encoded(Ebcdic1047)),
    (43, e(Any, 40)),
    (48, Field::variable(Ans, Prefix::ebcdic(3), 999).encoded(Ebcdic037).composed(0)),
    (52, f(B, 8).encoded(EbcdicHex)),
    (62, Field::variable(Ans, Prefix::ebcdic(3), 99).encoded(Ebcdic037).composed(1)),
    (64, f(B, 4).encoded(EbcdicHex)),
    (66, f(N, 1).encoded(Ebcdic037)),
    (100, e(Ns, 11)),
    (128, f(B, 4).encoded(EbcdicHex)),
    (129, f(N, 3).encoded(Ebcdic037)),
    (
        150,
        Field::variable(B, Prefix::ebcdic(2), 20).encoded(EbcdicHex).counted_in(Unit::Characters),
    ),
    (192, f(B, 4).encoded(EbcdicHex)),
]);

static EBCDIC_COMPOSITES: [Composite; 2] = [
    Composite::tagged(Tag::ebcdic(2), Prefix::ebcdic(2), 0..2),
    Composite::bitmapped(BitmapEncoding::EbcdicHex, 1, 2..4),
];

static EBCDIC_SUBFIELDS: [Subfield; 4] = [
    Subfield::new(5, Field::up_to(N, 9).encoded(Ebcdic037)),
    Subfield::new(11, Field::up_to(Xn, 9).encoded(ZonedEbcdic)),
    Subfield::new(1, f(N, 2).encoded(Ebcdic037)),
    Subfield::new(8, e(An, 9)),
];

/// Every class in text of its own, three bitmaps always.
static EDITIONS: Spec<'static> = Spec::with_tables(
    "editions",
    MtiEncoding::Ascii,
    BitmapEncoding::Hex,
    Bitmaps::Three,
    Tables::of(&EDITIONS_FIELDS),
);

static EDITIONS_FIELDS: [Option<Field>; 193] = table(&[
    (2, ll(A, 9)),
    (3, ll(An, 9)),
    (4, ll(AnStrict, 9)),
    (5, ll(As, 9)),
    (6, ll(Ns, 9)),
    (7, ll(Ans, 9)),
    (8, ll(Anp, 9)),
    (9, ll(Any, 9)),
    (10, ll(Z, 9)),
    (11, ll(Xn, 9)),
    (12, f(Xn, 4).encoded(ZonedAscii)),
    (13, ll(Ans, 9).encoded(Raw)),
    (14, ll(Any, 9).encoded(Raw)),
    (15, ll(Ans, 9).encoded(Latin1)),
    (16, f(As, 4).encoded(Latin1)),
    (17, f(AnStrict, 3)),
    (18, ll(B, 9).encoded(Hex).counted_in(Unit::Characters)),
    (19, Field::variable(Ans, Prefix::hex(2).counting_itself(), 40)),
    (64, f(B, 4)),
    (90, f(N, 10)),
    (128, f(B, 4)),
    (129, f(N, 2)),
    (191, ll(Ans, 20)),
    (192, f(B, 4)),
]);

/// The third bitmap in the place of field 65.
static THIRD_IN_FIELD_65: Spec<'static> = Spec::with_tables(
    "third-in-65",
    MtiEncoding::Ascii,
    BitmapEncoding::Hex,
    Bitmaps::UpToThreeInField65,
    Tables::of(&THIRD_FIELDS),
);

static THIRD_FIELDS: [Option<Field>; 193] = table(&[
    (2, ll(N, 19)),
    (11, f(N, 2)),
    (64, f(B, 2)),
    (66, f(N, 1)),
    (70, f(N, 3)),
    (128, f(B, 2)),
    (129, f(N, 1)),
    (130, ll(Ans, 9)),
    (192, f(B, 2)),
]);

/// One bitmap, whose first bit is a field.
static ONE_BITMAP: Spec<'static> = Spec::with_tables(
    "one-bitmap",
    MtiEncoding::Bcd,
    BitmapEncoding::Binary,
    Bitmaps::One,
    Tables::of(&ONE_FIELDS),
);

static ONE_FIELDS: [Option<Field>; 65] =
    table(&[(1, f(N, 2)), (2, ll(N, 19)), (63, lll(Ans, 99)), (64, f(B, 8))]);

/// With [`LONG_PARTS`]: the same fields and composites, and other parts.
static SHORT_PARTS: Spec<'static> = two_digits("short-parts", &[Subfield::new(1, f(N, 2))]);
static LONG_PARTS: Spec<'static> = two_digits("long-parts", &[Subfield::new(1, f(N, 3))]);

static SAME_FIELDS: [Option<Field>; 4] = table(&[(2, f(N, 6)), (3, ll(N, 9).composed(0))]);
static SAME_COMPOSITES: [Composite; 1] = [Composite::positional(0..1)];

const fn two_digits(name: &'static str, subfields: &'static [Subfield]) -> Spec<'static> {
    Spec::with_tables(
        name,
        MtiEncoding::Ascii,
        BitmapEncoding::Hex,
        Bitmaps::UpToTwo,
        Tables::of(&SAME_FIELDS).with_parts(subfields, &SAME_COMPOSITES),
    )
}
