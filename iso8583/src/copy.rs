//! Bytes copied without a panic in the image.

/// Copies bytes to the front of a place that has room for them. `copy_from_slice` links a panic at opt-level z.
// Out of line the compiler knows that the two do not overlap, and makes a `memcpy` of it.
#[inline(never)]
pub(crate) fn copy(place: &mut [u8], bytes: &[u8]) {
    if let Some(place) = place.get_mut(..bytes.len()) {
        place.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    }
}
