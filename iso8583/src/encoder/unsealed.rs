//! A message that lacks only its message authentication code.

use core::fmt;

use crate::wire::{self, Framing, Value};
use crate::{Error, Field, Path};

/// A message that lacks only its message authentication code; see [`Encoder::finish_with_mac`](crate::Encoder::finish_with_mac).
pub struct Unsealed<'s, 'b> {
    message: &'b mut [u8],
    covered: usize,
    field: &'s Field,
    number: u16,
}

impl<'s, 'b> Unsealed<'s, 'b> {
    pub(super) const fn new(
        message: &'b mut [u8],
        covered: usize,
        field: &'s Field,
        number: u16,
    ) -> Self {
        Self { message, covered, field, number }
    }

    /// The bytes that the code covers: all before its field, the finished bitmaps included.
    #[must_use]
    pub fn mac_input(&self) -> &[u8] {
        self.message.get(..self.covered).unwrap_or_default()
    }

    /// Puts the code in its place and gives the finished message.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`](crate::ErrorKind::WrongLength) where the code is not as long as the field.
    pub fn seal(self, mac: &[u8]) -> Result<&'b [u8], Error> {
        let value = Value::exactly(mac);
        let extent = wire::plan(self.field, Framing::Own, &value)
            .map_err(|kind| Error::new(kind, self.covered, Path::field(self.number)))?;
        let slot = self.message.get_mut(self.covered..).unwrap_or_default();
        wire::write(self.field, Framing::Own, &value, extent, slot);
        Ok(self.message)
    }
}

/// Shows the field, not the message.
impl fmt::Debug for Unsealed<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unsealed(field {} after {} bytes)", self.number, self.covered)
    }
}
