//! Where things go in a message that is being written.

use crate::{BitmapEncoding, head};

/// The place of a field, and how far what is there has to move for bitmaps that it needs.
pub(super) struct Room {
    pub(super) at: usize,
    pub(super) end: usize,
    /// Bytes of bitmaps before all fields.
    pub(super) shift: usize,
    /// Bytes of the third bitmap before the fields above 64.
    pub(super) third: usize,
}

/// The third bitmap where it stands among the fields.
#[derive(Clone, Copy)]
pub(super) enum Third {
    /// Not there.
    None,
    /// Not there yet, but it will be: it was in the message that this one began as.
    #[cfg_attr(
        not(feature = "alloc"),
        allow(dead_code, reason = "only an owned message keeps bitmaps")
    )]
    Pending { digits: [u8; 16], len: u8 },
    /// Before the fields above 64.
    Laid,
}

impl Third {
    #[cfg(feature = "alloc")]
    pub(super) fn pending(bitmap: &[u8]) -> Self {
        let mut digits = [0; 16];
        digits.iter_mut().zip(bitmap).for_each(|(to, from)| *to = *from);
        Self::Pending { digits, len: u8::try_from(bitmap.len()).unwrap_or(16) }
    }

    /// Whether it has to be laid before a field above 64.
    pub(super) const fn is_due(&self, number: u16) -> bool {
        match self {
            Self::None => number > 128,
            Self::Pending { .. } => true,
            Self::Laid => false,
        }
    }

    /// Bytes that it will take and that are not among those that are laid now.
    #[inline]
    pub(super) fn still_needs(&self, laid: usize) -> usize {
        match self {
            Self::Pending { len, .. } if laid == 0 => usize::from(*len),
            _ => 0,
        }
    }

    /// Fills its place.
    pub(super) fn lay(&mut self, encoding: BitmapEncoding, slot: &mut [u8]) {
        head::clear(encoding, slot);
        if let Self::Pending { digits, .. } = self {
            slot.iter_mut().zip(digits).for_each(|(to, from)| *to = *from);
        }
        *self = Self::Laid;
    }
}
