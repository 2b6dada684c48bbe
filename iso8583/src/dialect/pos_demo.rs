//! The dialect of the point-of-sale demo.

use super::iso87;
use crate::{Bitmap, BitmapEncoding, Class, Field, MtiEncoding, Prefix, Sensitivity, Spec};

/// The dialect of the point-of-sale demo: [`ISO87_BCD`](super::ISO87_BCD) with
///
/// - field 52 as 16 bytes, for an enciphered format 4 PIN block;
/// - field 53 as LLVAR binary to 48 bytes, for the key serial number (12 bytes in AES DUKPT);
/// - field 55 as LLLVAR binary to 255 bytes, for the chip's data.
pub static POS_DEMO: Spec<'static> =
    Spec::new("pos-demo", MtiEncoding::Bcd, BitmapEncoding::Binary, &FIELDS)
        .echoing(Bitmap::of(&[3, 4, 11, 41, 42, 49, 53, 60]));

static FIELDS: [Option<Field>; 129] = {
    let pin = Field::fixed(Class::B, 16).sensitive(Sensitivity::Pin);
    let ksn = Field::variable(Class::B, Prefix::bcd(2), 48).public();
    let chip = Field::variable(Class::B, Prefix::bcd(3), 255).sensitive(Sensitivity::Opaque);
    let fields = iso87::with(iso87::BCD_FIELDS, 52, pin);
    let fields = iso87::with(fields, 53, ksn);
    iso87::with(fields, 55, chip)
};
