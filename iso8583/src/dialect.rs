//! The dialects that are shipped, each a constant.
//!
//! | constant | name | what |
//! |---|---|---|
//! | [`ISO87_ASCII`] | `iso87-ascii` | ISO 8583:1987, text: ASCII digits, hexadecimal bitmap and binary fields |
//! | [`ISO87_BCD`] | `iso87-bcd` | ISO 8583:1987, packed: BCD digits and lengths, binary bitmap and binary fields |
//! | [`ISO87_EBCDIC`] | `iso87-ebcdic` | ISO 8583:1987, EBCDIC digits, text and lengths, binary bitmap and binary fields |
//! | [`ISO93_ASCII`], [`ISO93_BCD`], [`ISO93_EBCDIC`] | `iso93-ascii` and so on | ISO 8583:1993 in the same forms |
//! | [`ISO03_BCD`] | `iso03-bcd` | ISO 8583:2003, packed |
//! | [`POSTILION`] | `postilion` | 1987 text, binary bitmap, field 127 with a bitmap of its own |
//! | [`VISA_BASE1`] | `visa-base1` | Visa's BASE I: lengths of one binary byte that count digits, EBCDIC text, three bitmaps |
//! | [`MC_IPM`], [`MC_IPM_EBCDIC`] | `mc-ipm`, `mc-ipm-ebcdic` | Mastercard's clearing messages, with private data subelements |
//! | [`JPOS_CMF`] | `jpos-cmf` | the Common Message Format of jPOS: 2003 with the odd nibble on the right, and parts of its own |
//! | [`UP_POS`] | `up-pos` | UnionPay's terminals: 64 fields, packed, GBK text |
//! | [`UP_CUPS`] | `up-cups` | UnionPay's exchange between institutions: ASCII and GBK text |
//! | [`CB2A`] | `cb2a` | French CB: fields 55 and 59 with tags of two bytes |
//! | [`AMEX_EBCDIC`] | `amex-ebcdic` | American Express: 1993 in EBCDIC, the bitmap too |
//! | [`POS_DEMO`] | `pos-demo` | the point-of-sale demo: `ISO87_BCD` with room for AES PIN blocks and chip data |
//!
//! Built from public material; check a dialect against your network's own specification before you go live.
//! [`by_name`] finds one by the name that tools use; it links all the tables, some 50 KiB, where a constant links its own, less
//! than 3 KiB. [`name`] says what a data element is called.

mod amex_ebcdic;
mod cb2a;
mod form;
pub mod iso03;
mod iso03_names;
pub mod iso87;
mod iso87_names;
pub mod iso93;
mod iso93_names;
mod jpos_cmf;
mod mc_ipm;
mod pos_demo;
mod postilion;
pub mod union_pay;
mod visa_base1;

pub use amex_ebcdic::AMEX_EBCDIC;
pub use cb2a::CB2A;
pub use iso03::ISO03_BCD;
pub use iso87::{ISO87_ASCII, ISO87_BCD, ISO87_EBCDIC};
pub use iso93::{ISO93_ASCII, ISO93_BCD, ISO93_EBCDIC};
pub use jpos_cmf::JPOS_CMF;
pub use mc_ipm::{MC_IPM, MC_IPM_EBCDIC};
pub use pos_demo::POS_DEMO;
pub use postilion::POSTILION;
pub use union_pay::{UP_CUPS, UP_POS};
pub use visa_base1::VISA_BASE1;

use crate::{Spec, Version};

/// Every shipped dialect.
pub static ALL: &[&Spec<'static>] = &[
    &ISO87_ASCII,
    &ISO87_BCD,
    &ISO87_EBCDIC,
    &ISO93_ASCII,
    &ISO93_BCD,
    &ISO93_EBCDIC,
    &ISO03_BCD,
    &POSTILION,
    &VISA_BASE1,
    &MC_IPM,
    &MC_IPM_EBCDIC,
    &JPOS_CMF,
    &UP_POS,
    &UP_CUPS,
    &CB2A,
    &AMEX_EBCDIC,
    &POS_DEMO,
];

/// The dialect of that name.
///
/// # Examples
/// ```
/// use iso8583_wire::dialect;
///
/// assert_eq!(dialect::by_name("iso87-bcd"), Some(&dialect::ISO87_BCD));
/// ```
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Spec<'static>> {
    ALL.iter().copied().find(|spec| spec.name() == name)
}

/// What an edition of the standard calls a data element; `None` for a number outside of 2 to 128.
///
/// A message says its edition by [`Mti::version`](crate::Mti::version); what is of none of the three is named as in 1987.
///
/// # Examples
/// ```
/// use iso8583_wire::{Version, dialect};
///
/// assert_eq!(dialect::name(Version::V1987, 24), Some("Network international identifier"));
/// assert_eq!(dialect::name(Version::V1993, 24), Some("Function code"));
/// ```
#[must_use]
pub fn name(edition: Version, number: u16) -> Option<&'static str> {
    match edition {
        Version::V1993 => iso93::name(number),
        Version::V2003 => iso03::name(number),
        _ => iso87::name(number),
    }
}
