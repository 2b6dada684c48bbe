//! The parts of a composite's value, one after the other.

mod walk;

pub(crate) use walk::{Part, PartsCheck, Walk, check_value};

use core::fmt;
use core::iter::FusedIterator;

use crate::{FieldRef, Sensitivity, Spec};

/// The parts of a field in the order in which they stand there; see [`FieldRef::parts`].
#[derive(Clone)]
pub struct Parts<'s, 'a> {
    spec: &'s Spec<'s>,
    walk: Option<Walk<'s, 'a>>,
    sensitivity: Sensitivity,
}

impl<'s, 'a> Parts<'s, 'a> {
    /// The parts of a field whose content was checked before; none where it is not made of parts.
    pub(crate) fn of(spec: &'s Spec<'s>, field: &FieldRef<'s, 'a>) -> Self {
        let composite = spec.made_of_parts(field.definition());
        let walk = composite.and_then(|parts| Walk::new(spec, parts, field.data()).ok());
        Self { spec, walk, sensitivity: field.sensitivity() }
    }
}

impl<'s, 'a> Iterator for Parts<'s, 'a> {
    type Item = FieldRef<'s, 'a>;

    fn next(&mut self) -> Option<FieldRef<'s, 'a>> {
        // Checked when the message was read: no fault ends it early.
        let part = self.walk.as_mut()?.advance().ok()??;
        Some(FieldRef::of_part(self.spec, &part, self.sensitivity))
    }
}

impl FusedIterator for Parts<'_, '_> {}

/// Says that it is one, not what is in it.
impl fmt::Debug for Parts<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}
