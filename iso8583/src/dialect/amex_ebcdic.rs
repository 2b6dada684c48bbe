//! The style of American Express.

use super::iso87::with;
use super::iso93;
use crate::header::Header;
use crate::{BitmapEncoding, Class, Field, MtiEncoding, Prefix, Sensitivity, Spec};

/// American Express style: [`ISO93_EBCDIC`](super::ISO93_EBCDIC) with bitmaps in EBCDIC hexadecimal digits, and field
/// 55 of up to 256 bytes.
///
/// Field 55 begins with an identifier and a bitmap of its own and is kept as bytes, since no public message proves its
/// parts: lay them out with [`Composite::bitmapped`](crate::Composite::bitmapped) and
/// [`with_header`](crate::Composite::with_header). Messages come behind a routing header of nine bytes, of which nothing is public. Built from
/// public material; check it against your licensed copy.
pub static AMEX_EBCDIC: Spec<'static> =
    Spec::new("amex-ebcdic", MtiEncoding::Ebcdic, BitmapEncoding::EbcdicHex, &FIELDS)
        .echoing(iso93::ECHOES)
        .behind(Header::Bytes(9));

static FIELDS: [Option<Field>; 129] = with(
    iso93::EBCDIC_FIELDS,
    55,
    Field::variable(Class::B, Prefix::ebcdic(3), 256).sensitive(Sensitivity::Opaque),
);
