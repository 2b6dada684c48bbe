//! The keys of a DUKPT terminal: in memory the state machine of the crate `dukpt`, in flash a snapshot of it and a log of what was
//! reserved since.
//!
//! A power cut leaves one page in force, with at most one record that was cut short.

mod pages;

use core::fmt;

use dukpt::Key;
use dukpt::terminal::{Standard, Terminal};
use zeroize::Zeroize;

use self::pages::Pages;
use crate::Error;
use crate::flash::Flash;

/// A key serial number with its transaction key.
pub type Reserved<A, const N: usize> =
    (<A as Standard<N>>::Ksn, Key<<A as Standard<N>>::Transaction, N>);

/// A terminal's keys, in memory and in flash.
pub struct KeyStore<A: Standard<N>, const N: usize, F> {
    pages: Pages<F>,
    terminal: Terminal<A, N>,
    /// Where a snapshot is put together; zeros before and after.
    image: A::Image,
}

impl<A: Standard<N>, const N: usize, F> KeyStore<A, N, F> {
    /// A store that has not looked at its flash yet; the image is of zeros.
    pub const fn new(flash: F, image: A::Image) -> Self {
        Self { pages: Pages::new(flash), terminal: Terminal::empty(), image }
    }

    /// The flash alone: what a power cut leaves.
    pub fn into_flash(self) -> F {
        self.pages.into_flash()
    }

    /// The flash.
    pub const fn flash(&self) -> &F {
        self.pages.flash()
    }

    /// Forgets all but the flash, in place.
    pub fn forget(&mut self) {
        self.terminal = Terminal::empty();
        self.pages.forget();
    }

    /// The terminal.
    pub const fn terminal(&self) -> &Terminal<A, N> {
        &self.terminal
    }
}

impl<A: Standard<N>, const N: usize, F: Flash> KeyStore<A, N, F> {
    /// Begins with an initial key, which is not kept.
    ///
    /// # Errors
    /// [`Error::KeysLoaded`]: there are keys in flash, and nothing is changed. [`Error::PageTooSmall`], [`Error::Flash`].
    pub fn install(&mut self, initial_key: &Key<A::Initial, N>) -> Result<(), Error> {
        if self.pages.newest().is_some() {
            return Err(Error::KeysLoaded);
        }
        let Self { pages, terminal, image } = self;
        terminal.load(initial_key)?;
        terminal.expose_snapshot(image)?;
        let written = pages.change_over(image.as_ref());
        image.zeroize();
        written
    }

    /// Becomes what stands in flash, after a restart.
    ///
    /// A record that was cut short burns the counter that it was to reserve.
    ///
    /// # Errors
    /// [`Error::NoKeys`]: no page is in force. [`Error::Key`]: what stands there went bad. [`Error::Flash`].
    pub fn restart(&mut self) -> Result<(), Error> {
        let Self { pages, terminal, image } = self;
        let (snapshot, records) = pages.open(image.as_ref().len())?;
        terminal.restore(snapshot, records)?;
        pages.erase_old()
    }

    /// Reserves the next counter, writes that down, and only then gives its key.
    ///
    /// # Errors
    /// No key is given. [`Error::NoKeys`]: neither installed nor restarted. [`Error::Key`]: no counter is left.
    /// [`Error::Flash`]: the counter is burned.
    pub fn reserve(&mut self) -> Result<Reserved<A, N>, Error> {
        let Self { pages, terminal, image } = self;
        let has_room = pages.has_room()?;
        let pending = terminal.begin()?;
        if has_room {
            pages.append(&pending.record())?;
        } else {
            pending.expose_snapshot(image);
            let written = pages.change_over(image.as_ref());
            image.zeroize();
            written?;
        }
        Ok(pending.stored())
    }
}

impl<A: Standard<N>, const N: usize, F> fmt::Debug for KeyStore<A, N, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyStore")
    }
}
