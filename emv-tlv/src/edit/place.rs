//! Where edits take place.

use crate::Tag;

/// Where an edit takes place: an object by the tags that lead to it, or by where it begins.
///
/// Edits take whatever becomes a place: a tag, for an object of the top level; a slice, array or `TagPath` of tags; a number of bytes.
///
/// # Examples
/// ```
/// use emv_tlv::{Place, tags};
///
/// assert_eq!(Place::from(&[tags::CDOL1]), Place::Path(&[tags::CDOL1]));
/// assert_eq!(Place::from(&tags::CDOL1), Place::Path(&[tags::CDOL1]));
/// assert_eq!(Place::from(7), Place::Offset(7));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place<'p> {
    /// The first object that the tags lead to, as [`find`](crate::find) finds it; without tags, the top level.
    Path(&'p [Tag]),
    /// The object that begins at this byte, as [`Tlv::offset`](crate::Tlv::offset) counts.
    Offset(u32),
}

impl<'p> From<&'p Tag> for Place<'p> {
    fn from(tag: &'p Tag) -> Self {
        Self::Path(core::slice::from_ref(tag))
    }
}

impl<'p> From<&'p [Tag]> for Place<'p> {
    fn from(path: &'p [Tag]) -> Self {
        Self::Path(path)
    }
}

impl<'p, const N: usize> From<&'p [Tag; N]> for Place<'p> {
    fn from(path: &'p [Tag; N]) -> Self {
        Self::Path(path)
    }
}

#[cfg(feature = "path")]
impl<'p> From<&'p crate::TagPath> for Place<'p> {
    fn from(path: &'p crate::TagPath) -> Self {
        Self::Path(path)
    }
}

impl From<u32> for Place<'_> {
    fn from(offset: u32) -> Self {
        Self::Offset(offset)
    }
}

impl<'p> Place<'p> {
    /// The template that a path's last tag is to stand in, and that tag.
    pub(crate) fn parent(self) -> Option<(Self, Tag)> {
        let Self::Path(path) = self else { return None };
        path.split_last().map(|(tag, template)| (Self::Path(template), *tag))
    }
}
