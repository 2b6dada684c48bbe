//! Flash as a device has it: pages that are erased as a whole, and bits that programming can only clear.

/// One of the two pages that keys are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    A,
    B,
}

impl Page {
    pub const BOTH: [Self; 2] = [Self::A, Self::B];

    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

/// The flash did not take what was written; what stands there now is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlashFault;

/// Two pages of tamper-protected NOR flash, which can be read as memory.
///
/// A function that returns `Ok` has made its change durable. The power may fail inside of it: then it did some of its
/// bytes, from the first on.
pub trait Flash {
    /// What stands in a page; a page that is erased is FF.
    fn page(&self, page: Page) -> &[u8];

    /// Sets all bits of a page.
    ///
    /// # Errors
    /// [`FlashFault`]: some of it was not erased.
    fn erase(&mut self, page: Page) -> Result<(), FlashFault>;

    /// Clears the bits that are clear in `bytes`.
    ///
    /// # Errors
    /// [`FlashFault`]: it is outside of the page, or the page holds something else afterwards.
    fn program(&mut self, page: Page, at: usize, bytes: &[u8]) -> Result<(), FlashFault>;
}
