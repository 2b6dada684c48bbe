//! One operation, the secrets that go into it, and what of it may show.

use crate::shown::Shown;

/// Whose tables an operation goes through when the ciphers are the real ones.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tables {
    /// AES and hashes have none.
    None,
    Des,
    Sm4,
}

impl Tables {
    /// The crate and the function that looks up.
    pub(crate) const fn place(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::None => None,
            Self::Des => Some(("des", "apply_sboxes")),
            Self::Sm4 => Some(("sm4", "tau")),
        }
    }
}

pub(crate) struct Check {
    pub(crate) name: &'static str,
    /// What is secret in it.
    pub(crate) secret: &'static str,
    pub(crate) tables: Tables,
    /// The lines of the libraries in which something may show.
    pub(crate) shown: Vec<&'static Shown>,
    pub(crate) run: fn(),
    /// The same work with a leak, which has to be caught.
    pub(crate) control: fn(),
}

impl Check {
    pub(crate) fn new(name: &'static str, secret: &'static str, run: fn(), control: fn()) -> Self {
        Self { name, secret, tables: Tables::None, shown: Vec::new(), run, control }
    }

    pub(crate) fn through(mut self, tables: Tables) -> Self {
        self.tables = tables;
        self
    }

    pub(crate) fn shows(mut self, shown: &[&'static Shown]) -> Self {
        self.shown.extend(shown);
        self
    }
}
