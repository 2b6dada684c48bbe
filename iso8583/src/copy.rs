//! Bytes copied without a panic in firmware's image.

use crate::words::WIDE;

/// Copies bytes to the front of a place that has room for them; nothing where it has not.
#[inline]
pub(crate) fn copy(place: &mut [u8], bytes: &[u8]) {
    if let Some(place) = place.get_mut(..bytes.len()) {
        if WIDE {
            // The lengths are equal. That this cannot fail is not seen at opt-level z, where it links a panic.
            place.copy_from_slice(bytes);
        } else {
            one_by_one(place, bytes);
        }
    }
}

// Out of line the compiler knows that the two do not overlap, and makes a `memcpy` of it.
#[inline(never)]
fn one_by_one(place: &mut [u8], bytes: &[u8]) {
    place.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
}
