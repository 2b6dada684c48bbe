//! The dialect that a request or a command names: a shipped one, or one that is written out.

mod compact;
mod notation;

use iso8583_wire::header::Header;
use iso8583_wire::{MessageRef, Spec, SpecBuf, SpecError, Version, dialect};
use serde_json::Value;

use crate::failure::Failure;
use crate::inputs::wrong_type;

/// A dialect, and what stands before its messages.
#[derive(Debug)]
pub(crate) struct Dialect {
    source: Source,
    header: Before,
}

/// What stands before a message.
#[derive(Clone, Copy, Debug)]
enum Before {
    /// So many bytes.
    Bytes(usize),
    /// The dialect's header, or nothing in a capture that lacks it.
    Header(Header),
}

#[derive(Debug)]
enum Source {
    Shipped(&'static Spec<'static>),
    Written(SpecBuf),
}

impl Dialect {
    /// The dialect that JSON names or writes out.
    pub(crate) fn read(value: &Value) -> Result<Self, Failure> {
        match value {
            Value::String(name) => Self::named(name),
            Value::Object(spec) => {
                let (spec, header_len) = compact::read(spec).map_err(|fault| fault.of("spec"))?;
                Ok(Self { source: Source::Written(spec), header: Before::Bytes(header_len) })
            }
            _ => Err(wrong_type("a string or an object").of("spec")),
        }
    }

    /// The shipped dialect of that name.
    pub(crate) fn named(name: &str) -> Result<Self, Failure> {
        let spec = dialect::by_name(name).ok_or_else(|| {
            let names: Vec<&str> = dialect::ALL.iter().map(|spec| spec.name()).collect();
            let message =
                format!("`spec`: no dialect has this name; there are {}", names.join(", "));
            Failure::new("unknown_spec", message)
        })?;
        Ok(Self { source: Source::Shipped(spec), header: Before::Header(spec.header()) })
    }

    /// The spec of the dialect.
    pub(crate) fn spec(&self) -> Result<Spec<'_>, Failure> {
        match &self.source {
            Source::Shipped(spec) => Ok(**spec),
            Source::Written(spec) => spec.spec().map_err(|error| refused(spec, &error)),
        }
    }

    /// The same dialect with so many bytes before the message type indicator, where that is said.
    pub(crate) fn behind(self, header_len: Option<u64>) -> Self {
        match header_len {
            None => self,
            // More than there can be is too long for any message.
            Some(len) => {
                Self { header: Before::Bytes(usize::try_from(len).unwrap_or(usize::MAX)), ..self }
            }
        }
    }

    /// Whether what was found before a message is told to be a header by its first byte.
    pub(crate) const fn knows_header(&self, bytes: &[u8]) -> bool {
        matches!(self.header, Before::Header(header) if is_told(header, bytes))
    }

    /// What stands before the message type indicator, and the message.
    pub(crate) fn split<'b>(&self, bytes: &'b [u8]) -> Result<(&'b [u8], &'b [u8]), Failure> {
        let spec = self.spec()?;
        match self.header {
            Before::Bytes(len) => bytes.split_at_checked(len).ok_or_else(|| {
                let message = "mti at byte 0: the message ends inside its header";
                Failure::new("truncated", message).at(0).on("mti".to_owned())
            }),
            Before::Header(header) if !is_told(header, bytes) && begins_message(&spec, bytes) => {
                Ok((&[], bytes))
            }
            Before::Header(header) => header.split(bytes).map_err(|error| {
                let failure = Failure::new(error.kind().as_str(), error.to_string());
                failure.at(error.offset()).on("mti".to_owned())
            }),
        }
    }

    /// Refuses what cannot stand before a message.
    pub(crate) fn check_header(&self, bytes: &[u8]) -> Result<(), Failure> {
        match self.header {
            Before::Bytes(len) if bytes.len() == len => Ok(()),
            Before::Bytes(len) => {
                Err(Failure::invalid(format!("`header`: this dialect has one of {len} bytes")))
            }
            // A message may be wanted without it.
            Before::Header(_) if bytes.is_empty() => Ok(()),
            Before::Header(header) => match header.split(bytes) {
                Ok((_, [])) => Ok(()),
                Ok(_) => Err(Failure::invalid("`header`: longer than this dialect's header")),
                Err(error) => Err(Failure::invalid(format!("`header`: {error}"))),
            },
        }
    }
}

/// Whether bytes begin as this header does, where that can be told from its first byte.
const fn is_told(header: Header, bytes: &[u8]) -> bool {
    !matches!(header, Header::Bytes(_)) && header.detect(bytes)
}

/// Whether bytes begin with a message type of an edition or of national or private use.
fn begins_message(spec: &Spec<'_>, bytes: &[u8]) -> bool {
    let mti = MessageRef::parse_partial(spec, bytes).mti();
    mti.is_some_and(|mti| !matches!(mti.version(), Version::Reserved(_)))
}

/// A spec that contradicts itself, with the rule and the field that breaks it.
fn refused(spec: &SpecBuf, error: &SpecError) -> Failure {
    let path = spec.path(error);
    let rule = error.rule();
    let message = format!("`spec`: field {path}: {}: {}", rule.name(), rule.as_str());
    Failure::new("invalid_spec", message).on(path.to_string())
}
