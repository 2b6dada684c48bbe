//! The data elements of a message, one after the other.

use super::MessageRef;
use crate::FieldRef;
use crate::bitmap::Numbers;

/// The data elements of a message in ascending order; see [`MessageRef::iter`].
#[derive(Clone, Debug)]
pub struct Fields<'m, 's, 'a> {
    message: &'m MessageRef<'s, 'a>,
    numbers: Numbers,
    rank: usize,
}

impl<'m, 's, 'a> Fields<'m, 's, 'a> {
    pub(super) fn of(message: &'m MessageRef<'s, 'a>) -> Self {
        Self { message, numbers: message.carried.iter(), rank: 0 }
    }
}

impl<'s, 'a> Iterator for Fields<'_, 's, 'a> {
    type Item = FieldRef<'s, 'a>;

    #[inline]
    fn next(&mut self) -> Option<FieldRef<'s, 'a>> {
        loop {
            let number = self.numbers.next()?;
            let rank = self.rank;
            self.rank = rank.saturating_add(1);
            let field = self.message.field_at(number, rank);
            // A bitmap that stands among the fields is none.
            if field.is_some() || number != 65 {
                return field;
            }
        }
    }
}

impl core::iter::FusedIterator for Fields<'_, '_, '_> {}
