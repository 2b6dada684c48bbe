//! Mastercard's IPM clearing messages.

use super::iso93;
use crate::{
    BitmapEncoding, Bitmaps, Class, Composite, Encoding, Field, MtiEncoding, Prefix, Sensitivity,
    Spec, Tables, Tag,
};

use super::form::{Form, Size};
use super::iso87::with;

/// Mastercard IPM in ASCII: [`ISO93_ASCII`](super::ISO93_ASCII) with binary bitmaps, and
///
/// - text in ISO 8859-1, binary fields as bytes;
/// - fields 48, 62 and 123 to 125 made of private data subelements, a tag of four digits and a length of three each:
///   `[48, 158]` is PDS 0158.
///
/// Files of such messages are read and written by [`ipm`](crate::ipm). Built from public material; check it against
/// your licensed copy.
pub static MC_IPM: Spec<'static> = Spec::with_tables(
    "mc-ipm",
    MtiEncoding::Ascii,
    BitmapEncoding::Binary,
    Bitmaps::UpToTwo,
    Tables::of(&ASCII).with_parts(&[], &ASCII_COMPOSITES),
)
.echoing(iso93::ECHOES);

/// Mastercard IPM in EBCDIC: [`MC_IPM`] with digits, text and lengths in code page 037.
pub static MC_IPM_EBCDIC: Spec<'static> = Spec::with_tables(
    "mc-ipm-ebcdic",
    MtiEncoding::Ebcdic,
    BitmapEncoding::Binary,
    Bitmaps::UpToTwo,
    Tables::of(&EBCDIC).with_parts(&[], &EBCDIC_COMPOSITES),
)
.echoing(iso93::ECHOES);

static ASCII: [Option<Field>; 129] = fields(Form::Ascii, iso93::ASCII_FIELDS);
static EBCDIC: [Option<Field>; 129] = fields(Form::Ebcdic, iso93::EBCDIC_FIELDS);

static ASCII_COMPOSITES: [Composite; 1] =
    [Composite::tagged(Tag::ascii(4), Prefix::ascii(3), 0..0)
        .with_unknown(Some(Field::up_to(Class::Any, u16::MAX).encoded(Encoding::Latin1)))];
static EBCDIC_COMPOSITES: [Composite; 1] =
    [Composite::tagged(Tag::ebcdic(4), Prefix::ebcdic(3), 0..0)];

const fn fields(form: Form, mut fields: [Option<Field>; 129]) -> [Option<Field>; 129] {
    let subelements = form.field(Class::B, Size::UpTo3(999), Sensitivity::Opaque).composed(0);
    let mut number = 123;
    fields = with(fields, 48, subelements);
    fields = with(fields, 62, subelements);
    while number <= 125 {
        fields = with(fields, number, subelements);
        number = number.saturating_add(1);
    }
    // As bytes, where the text form of the edition has hexadecimal digits.
    fields = with(fields, 52, Field::fixed(Class::B, 8).sensitive(Sensitivity::Pin));
    fields = with(fields, 64, Field::fixed(Class::B, 8).sensitive(Sensitivity::Key));
    fields = with(fields, 65, Field::fixed(Class::B, 8));
    // The acquirer's reference and the transaction life cycle.
    fields = with(fields, 31, form.field(Class::Ans, Size::UpTo2(23), Sensitivity::Public));
    fields = with(fields, 63, form.field(Class::Ans, Size::UpTo3(16), Sensitivity::Public));
    // Other than in the edition: identifies transactions, whatever they are used for.
    fields = with(fields, 105, form.field(Class::Ans, Size::UpTo3(999), Sensitivity::Opaque));
    // Currency conversion.
    fields = with(fields, 111, form.field(Class::Ans, Size::UpTo3(999), Sensitivity::Public));
    number = 2;
    while number <= 127 {
        if let (_, [Some(field), ..]) = fields.split_at(number as usize) {
            // Merchants have accents.
            if matches!((field.class(), field.encoding()), (Class::Ans, Encoding::Ascii)) {
                fields = with(fields, number, field.encoded(Encoding::Latin1));
            }
        }
        number = number.saturating_add(1);
    }
    with(fields, 128, Field::fixed(Class::B, 8).sensitive(Sensitivity::Key))
}
