//! The dialects that are shipped, each a constant.
//!
//! | constant | what |
//! |---|---|
//! | [`ISO87_ASCII`] | ISO 8583:1987, text: ASCII digits, hexadecimal bitmap and binary fields |
//! | [`ISO87_BCD`] | ISO 8583:1987, packed: BCD digits and lengths, binary bitmap and binary fields |
//! | [`POS_DEMO`] | the point-of-sale demo: `ISO87_BCD` with room for AES PIN blocks and chip data |
//!
//! Built from public material; check a dialect against your network's own specification before you go live.
//! [`by_name`] finds one by the name that tools use, [`iso87::name`] names a data element.

pub mod iso87;
mod iso87_names;
mod pos_demo;

pub use iso87::{ISO87_ASCII, ISO87_BCD};
pub use pos_demo::POS_DEMO;

use crate::Spec;

/// Every shipped dialect.
pub static ALL: &[&Spec<'static>] = &[&ISO87_ASCII, &ISO87_BCD, &POS_DEMO];

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
