//! Which bytes between objects mean nothing.

/// Which bytes before, between and after objects are padding.
///
/// EMV allows 00. Some cards also pad with FF, which a strict reader takes for the first byte of a
/// private tag such as FF0D: only the caller knows which of the two it has before it.
///
/// Source: EMV 4.4 Book 3, Annex B.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Padding {
    /// 00 is skipped; FF begins a tag.
    #[default]
    Strict,
    /// 00 is skipped, and so is a run of two or more FF. A single FF begins a tag if that tag has at
    /// most four bytes and its object fits; otherwise it is skipped too.
    Lenient,
}
