//! Why this program gives up.

use core::fmt;
use std::io;

use iso8583_wire::matcher::MatcherError;

/// What went wrong, in words for whoever runs the program; never with card data.
#[derive(Debug)]
pub(crate) enum Error {
    /// The card profile cannot be used.
    Card(String),
    /// The database cannot be used.
    Store(redb::Error),
    /// A stored record is not what this program writes.
    Record(&'static str),
    /// A message could not be put together.
    Message(iso8583_wire::Error),
    /// An answer to a message could not be waited for.
    Matcher(MatcherError),
    /// A key or its counter cannot be used.
    Key(dukpt::Error),
    /// A key block cannot be used.
    KeyBlock(keyblock::Error),
    /// A PIN or its block cannot be used.
    Pin(pinblock::Error),
    /// A purchase is still open: it has to be reversed before another is begun.
    StillOpen,
    /// The folder has a terminal's key already, whose counter must not begin again.
    InstalledBefore,
    /// A socket or a file.
    Io(io::Error),
    /// The demonstration did not come out as it should.
    Demo(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Card(text) => write!(f, "card profile: {text}"),
            Self::Store(error) => write!(f, "database: {error}"),
            Self::Record(name) => write!(f, "database: the record of {name} is not readable"),
            Self::Message(error) => write!(f, "message: {error}"),
            Self::Matcher(error) => write!(f, "message: {error}"),
            Self::Key(error) => write!(f, "key: {error}"),
            Self::KeyBlock(error) => write!(f, "key block: {error}"),
            Self::Pin(error) => write!(f, "PIN: {error}"),
            Self::StillOpen => f.write_str("an earlier purchase is still open"),
            Self::InstalledBefore => f.write_str("the folder holds a terminal's key already"),
            Self::Io(error) => write!(f, "{error}"),
            Self::Demo(text) => write!(f, "demonstration: {text}"),
        }
    }
}

impl core::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<MatcherError> for Error {
    fn from(error: MatcherError) -> Self {
        Self::Matcher(error)
    }
}

impl From<iso8583_wire::Error> for Error {
    fn from(error: iso8583_wire::Error) -> Self {
        Self::Message(error)
    }
}

impl From<dukpt::Error> for Error {
    fn from(error: dukpt::Error) -> Self {
        Self::Key(error)
    }
}

impl From<keyblock::Error> for Error {
    fn from(error: keyblock::Error) -> Self {
        Self::KeyBlock(error)
    }
}

impl From<pinblock::Error> for Error {
    fn from(error: pinblock::Error) -> Self {
        Self::Pin(error)
    }
}

/// redb has an error for each kind of step; all of them mean the same here.
macro_rules! from_redb {
    ($($step:ident),*) => {
        $(impl From<redb::$step> for Error {
            fn from(error: redb::$step) -> Self {
                Self::Store(error.into())
            }
        })*
    };
}

from_redb!(Error, DatabaseError, TransactionError, TableError, StorageError, CommitError);
