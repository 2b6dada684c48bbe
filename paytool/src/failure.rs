//! What went wrong, in the one form that `batch` and the subcommands answer with.

use core::fmt;

use serde_json::{Map, Value};

/// A request that cannot be answered.
///
/// The message stands for itself: it says the byte where there is one, and never holds input.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: &'static str,
    message: String,
    offset: Option<u32>,
    path: Option<String>,
    read: Option<Box<Map<String, Value>>>,
}

impl Failure {
    pub(crate) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), offset: None, path: None, read: None }
    }

    /// The first byte of the item at fault.
    pub(crate) fn at(self, offset: u32) -> Self {
        Self { offset: Some(offset), ..self }
    }

    /// A fault of a message that so many bytes stand before.
    pub(crate) fn of_message(error: iso8583_wire::Error, header: usize) -> Self {
        let before = u32::try_from(header).unwrap_or(u32::MAX);
        let at = error.offset().saturating_add(before);
        let (kind, path) = (error.kind(), error.path());
        let label = if path.numbers().is_empty() { "" } else { "field " };
        Self::new(kind.as_str(), format!("{label}{path} at byte {at}: {kind}"))
            .at(at)
            .on(path.to_string())
    }

    /// The same fault in bytes that so many others stand before.
    pub(crate) fn behind(self, bytes: usize) -> Self {
        let before = u32::try_from(bytes).unwrap_or(u32::MAX);
        Self { offset: self.offset.map(|offset| offset.saturating_add(before)), ..self }
    }

    /// The same fault where each byte takes so many.
    pub(crate) fn scaled(self, by: u32) -> Self {
        Self { offset: self.offset.map(|offset| offset.saturating_mul(by)), ..self }
    }

    /// Whether the item at fault is known.
    pub(crate) const fn has_path(&self) -> bool {
        self.path.is_some()
    }

    /// The same fault without what was read before it.
    pub(crate) fn bare(self) -> Self {
        Self { read: None, ..self }
    }

    /// The item at fault, unless the path is empty.
    pub(crate) fn on(self, path: String) -> Self {
        let path = if path.is_empty() { None } else { Some(path) };
        Self { path, ..self }
    }

    /// What was read before the fault.
    pub(crate) fn after(self, read: Map<String, Value>) -> Self {
        Self { read: Some(Box::new(read)), ..self }
    }

    /// The same fault, said of the input that it is in.
    pub(crate) fn of(self, name: &str) -> Self {
        Self { message: format!("`{name}`: {}", self.message), ..self }
    }

    pub(crate) fn missing(name: &str) -> Self {
        Self::new("missing_input", format!("`{name}` is needed"))
    }

    /// A value that an input of the right type cannot have.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new("invalid_value", message)
    }

    /// What was read before the fault, if the request asked for it.
    pub(crate) fn read(&self) -> Option<&Map<String, Value>> {
        self.read.as_deref()
    }

    /// The answer's `error`.
    pub(crate) fn to_json(&self) -> Value {
        let mut error = Map::new();
        error.insert("kind".to_owned(), self.kind.into());
        error.insert("message".to_owned(), self.message.as_str().into());
        if let Some(offset) = self.offset {
            error.insert("offset".to_owned(), offset.into());
        }
        if let Some(path) = &self.path {
            error.insert("path".to_owned(), path.as_str().into());
        }
        error.into()
    }
}

/// One line: the kind, then the message.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

impl From<iso8583_wire::Error> for Failure {
    fn from(error: iso8583_wire::Error) -> Self {
        Self::of_message(error, 0)
    }
}

impl From<emv_tlv::Error> for Failure {
    fn from(error: emv_tlv::Error) -> Self {
        Self::new(error.kind().as_str(), error.to_string()).at(error.offset())
    }
}

impl From<pinblock::Error> for Failure {
    fn from(error: pinblock::Error) -> Self {
        Self::new(error.as_str(), error.to_string())
    }
}

impl From<dukpt::Error> for Failure {
    fn from(error: dukpt::Error) -> Self {
        Self::new(error.as_str(), error.to_string())
    }
}

impl From<keyblock::Error> for Failure {
    fn from(error: keyblock::Error) -> Self {
        let mut message = error.to_string();
        let offset = error.offset().map(u32::from);
        if let Some(offset) = offset
            && !message.contains("offset")
        {
            message.insert_str(0, &format!("offset {offset}: "));
        }
        Self { offset, ..Self::new(error.as_str(), message) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carries_the_kind_place_and_path_of_the_crates() {
        let spec = &iso8583_wire::dialect::ISO87_ASCII;
        let error = iso8583_wire::MessageRef::parse(spec, b"02x0").unwrap_err();
        let failure = Failure::from(error);
        let json = failure.to_json();
        assert_eq!(json["kind"], "invalid_mti");
        assert_eq!(json["path"], "mti");
        assert_eq!(json["offset"], 0);
        assert!(failure.to_string().starts_with("invalid_mti: mti at byte 0: "));
    }

    #[test]
    fn leaves_out_what_it_does_not_know() {
        let json = Failure::from(pinblock::Error::PinLength).of("pin").on(String::new()).to_json();
        assert_eq!(json.as_object().unwrap().len(), 2);
        assert_eq!(json["message"], "`pin`: a pin has 4 to 12 digits, in some formats fewer");
    }
}
