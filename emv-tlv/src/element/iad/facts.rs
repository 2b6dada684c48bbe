//! How facts are written: one after the other, or one a line with its place.

use super::Cvr;
use crate::mask;
use core::fmt::{self, Write};

pub(super) struct Facts<'f, 'b> {
    f: &'f mut fmt::Formatter<'b>,
    exposed: bool,
}

impl<'f, 'b> Facts<'f, 'b> {
    pub(super) const fn new(f: &'f mut fmt::Formatter<'b>, exposed: bool) -> Self {
        Self { f, exposed }
    }

    /// What comes first: the layout.
    pub(super) fn name(&mut self, name: fmt::Arguments<'_>) -> fmt::Result {
        self.f.write_fmt(name)
    }

    /// A fact about so many bytes from a place, the first being 1.
    pub(super) fn fact(
        &mut self,
        first: usize,
        count: usize,
        text: fmt::Arguments<'_>,
    ) -> fmt::Result {
        self.start(first, count)?;
        self.f.write_fmt(text)
    }

    /// Bytes that are hidden unless exposed.
    pub(super) fn hidden(&mut self, name: &str, first: usize, bytes: &[u8]) -> fmt::Result {
        self.start(first, bytes.len())?;
        write!(self.f, "{name} ")?;
        if self.exposed { mask::hex(bytes, self.f) } else { mask::length(bytes, self.f) }
    }

    /// The results in words; on lines of their own, by their place in the results.
    pub(super) fn results(&mut self, results: Cvr<'_>) -> fmt::Result {
        if self.f.alternate() {
            self.f.write_str("\nCVR ")?;
            write!(Lines(self.f), "{results:#}")
        } else {
            write!(self.f, "; CVR: {results}")
        }
    }

    fn start(&mut self, first: usize, count: usize) -> fmt::Result {
        let last = first.saturating_add(count).saturating_sub(1);
        match count {
            _ if !self.f.alternate() => self.f.write_str("; "),
            0 | 1 => write!(self.f, "\nbyte {first}: "),
            _ => write!(self.f, "\nbytes {first}-{last}: "),
        }
    }
}

/// Puts before each further line whose it is.
struct Lines<'f, 'b>(&'f mut fmt::Formatter<'b>);

impl Write for Lines<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.0.write_str("\nCVR ")?;
            }
            self.0.write_str(line)?;
        }
        Ok(())
    }
}
