//! The dialect that a request or a command names: a shipped one, or one that is written out.

mod compact;
mod notation;

use iso8583_wire::{Spec, SpecBuf, SpecError, dialect};
use serde_json::Value;

use crate::failure::Failure;
use crate::inputs::wrong_type;

/// A dialect, and how many bytes stand before its messages.
#[derive(Debug)]
pub(crate) struct Dialect {
    source: Source,
    header_len: usize,
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
                Ok(Self { source: Source::Written(spec), header_len })
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
        Ok(Self { source: Source::Shipped(spec), header_len: 0 })
    }

    /// The spec of the dialect.
    pub(crate) fn spec(&self) -> Result<Spec<'_>, Failure> {
        match &self.source {
            Source::Shipped(spec) => Ok(**spec),
            Source::Written(spec) => spec.spec().map_err(|error| refused(spec, &error)),
        }
    }

    /// Bytes before the message type indicator.
    pub(crate) const fn header_len(&self) -> usize {
        self.header_len
    }
}

/// A spec that contradicts itself, with the rule and the field that breaks it.
fn refused(spec: &SpecBuf, error: &SpecError) -> Failure {
    let path = spec.path(error);
    let rule = error.rule();
    let message = format!("`spec`: field {path}: {}: {}", rule.name(), rule.as_str());
    Failure::new("invalid_spec", message).on(path.to_string())
}
