//! What became of the issuer's scripts.

use super::{
    Element,
    codes::{debug, open_codes, reserved, separate},
};
use crate::{Error, ErrorKind, Exposed, Tag, mask, tags};
use core::fmt;

open_codes! {
    /// How a script ended: the high half of its first byte.
    ///
    /// Source: EMV 4.4 Book 4, Annex A5.
    pub enum ScriptOutcome {
        NotPerformed = 0, "not_performed", "script not performed";
        Failed = 1, "failed", "script processing failed";
        Successful = 2, "successful", "script processing successful";
        /// Any other code, which is reserved.
        Other: reserved;
    }
}

/// The bytes of a script's result.
const RESULT: usize = 5;

/// One issuer script's result: 5 bytes.
///
/// # Examples
/// ```
/// use emv_tlv::element::{ScriptOutcome, ScriptResult};
///
/// let result = ScriptResult::new(ScriptOutcome::Failed, 2, [0x00, 0x00, 0x00, 0x01]);
/// assert_eq!(result.to_bytes(), [0x12, 0x00, 0x00, 0x00, 0x01]);
/// assert_eq!(result.to_string(), "script 00000001: script processing failed, command 2");
/// ```
/// Source: EMV 4.4 Book 4, Annex A5.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ScriptResult([u8; RESULT]);

impl ScriptResult {
    /// How a script ended, of whose code the lowest four bits count; the command at which it failed, 0 if none is named, 15 for
    /// 15 and more; and the script's identifier, 0 if it has none.
    #[must_use]
    pub const fn new(outcome: ScriptOutcome, command: u8, identifier: [u8; 4]) -> Self {
        let [first, second, third, fourth] = identifier;
        let command = if command < 15 { command } else { 15 };
        Self([outcome.code() << 4 | command, first, second, third, fourth])
    }

    /// The result that these bytes are.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; RESULT]) -> Self {
        Self(bytes)
    }

    /// The result's bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; RESULT] {
        self.0
    }

    /// How the script ended.
    #[must_use]
    pub const fn outcome(self) -> ScriptOutcome {
        let [first, ..] = self.0;
        ScriptOutcome::from_code(first >> 4)
    }

    /// The number of the command at which the script failed, from 1; 0 if none is named, 15 for 15 and more.
    #[must_use]
    pub const fn command(self) -> u8 {
        let [first, ..] = self.0;
        first & 0x0F
    }

    /// The script's identifier, as in tag 9F18.
    #[must_use]
    pub const fn identifier(self) -> [u8; 4] {
        let [_, identifier @ ..] = self.0;
        identifier
    }
}

impl fmt::Display for ScriptResult {
    /// Says in words how the script ended.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("script ")?;
        mask::hex(&self.identifier(), f)?;
        write!(f, ": {}", self.outcome())?;
        match self.command() {
            0 => Ok(()),
            15 => f.write_str(", command 15 or later"),
            command => write!(f, ", command {command}"),
        }
    }
}

impl fmt::Debug for ScriptResult {
    /// Shows the bytes; the words are for `Display` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("ScriptResult", &self.0, f)
    }
}

/// Issuer Script Results: 5 bytes a script.
///
/// In data of kernel 2, tag 9F5B is a list of data objects; in those of kernel 4, a number of the cardholder's as a member.
///
/// # Security
/// A value that need not be results, because a script's outcome is reserved or the whole could hold a card number, is shown as its
/// length; [`Exposed`] shows any.
///
/// # Examples
/// ```
/// use emv_tlv::{element::{IssuerScriptResults, ScriptOutcome}, parse};
///
/// let bytes = [0x9F, 0x5B, 0x05, 0x20, 0x00, 0x00, 0x00, 0x01];
/// let results: IssuerScriptResults = parse(&bytes).next().ok_or("empty")??.read()?;
/// assert!(results.iter().all(|result| result.outcome() == ScriptOutcome::Successful));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 4, Annex A5.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct IssuerScriptResults<'a> {
    /// Whole results, one or more.
    value: &'a [u8],
}

impl<'a> IssuerScriptResults<'a> {
    /// Writes results into the front of a buffer.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if there are none; [`ErrorKind::BufferTooSmall`] at byte 0 if they do not fit. The
    /// buffer is as it was then.
    pub fn encode_into(results: &[ScriptResult], buffer: &'a mut [u8]) -> Result<Self, Error> {
        let len = results.len().saturating_mul(RESULT);
        let value = buffer.get_mut(..len).ok_or(Error::new(ErrorKind::BufferTooSmall, 0))?;
        let (chunks, _) = value.as_chunks_mut();
        chunks.iter_mut().zip(results).for_each(|(chunk, result)| *chunk = result.0);
        Self::from_value(value)
    }

    /// The value.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.value
    }

    /// The results, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ScriptResult> + Clone + use<'a> {
        let (results, _) = self.value.as_chunks();
        results.iter().map(|&bytes| ScriptResult(bytes))
    }
}

impl<'a> Element<'a> for IssuerScriptResults<'a> {
    const TAGS: &'static [Tag] = &[tags::ISSUER_SCRIPT_RESULTS];

    fn from_value(value: &'a [u8]) -> Result<Self, Error> {
        if value.is_empty() || !value.len().is_multiple_of(RESULT) {
            return Err(Error::new(ErrorKind::WrongLength, 0));
        }
        Ok(Self { value })
    }
}

impl IssuerScriptResults<'_> {
    /// Whether the bytes are likely to be results, and not the other element with the same tag.
    fn may_be_shown(&self) -> bool {
        let known = |result: ScriptResult| !matches!(result.outcome(), ScriptOutcome::Other(_));
        self.iter().all(known) && !mask::holds_pan(self.value)
    }
}

impl fmt::Display for IssuerScriptResults<'_> {
    /// Says in words how each script ended, one after the other; with `{:#}` one a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.may_be_shown() { Exposed(self).fmt(f) } else { mask::length(self.value, f) }
    }
}

impl fmt::Display for Exposed<'_, IssuerScriptResults<'_>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, result) in self.0.iter().enumerate() {
            if at != 0 {
                separate(f)?;
            }
            write!(f, "{result}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for IssuerScriptResults<'_> {
    /// Shows the bytes, or as little as `Display`; the words are for that alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.may_be_shown() {
            debug("IssuerScriptResults", self.value, f)
        } else {
            f.write_str("IssuerScriptResults(")?;
            mask::length(self.value, f)?;
            f.write_str(")")
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::{format, string::ToString, vec::Vec};

    #[test]
    fn says_how_each_script_ended() {
        let value = hex!("20AABBCCDD 1F00000000 0000000001 3300000002");
        let results = IssuerScriptResults::from_value(&value).unwrap();
        assert_eq!(
            Exposed(&results).to_string(),
            "script AABBCCDD: script processing successful; \
             script 00000000: script processing failed, command 15 or later; \
             script 00000001: script not performed; \
             script 00000002: reserved 03, command 3"
        );
        let known = IssuerScriptResults::from_value(&value[..15]).unwrap();
        assert_eq!(known.to_string(), Exposed(&known).to_string());
        assert_eq!(format!("{known:#}").lines().count(), 3);
        assert_eq!(format!("{known:?}"), "IssuerScriptResults(20AABBCCDD1F000000000000000001)");
        let scripts: Vec<_> = results.iter().collect();
        for script in &scripts {
            let again = ScriptResult::new(script.outcome(), script.command(), script.identifier());
            assert_eq!((again, ScriptResult::from_bytes(script.to_bytes())), (*script, *script));
        }
        let mut buffer = [0; 21];
        assert_eq!(IssuerScriptResults::encode_into(&scripts, &mut buffer), Ok(results));
        let error = IssuerScriptResults::encode_into(&scripts, &mut buffer[..19]).unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::BufferTooSmall, 0));
        assert_eq!(format!("{:?}", scripts[0]), "ScriptResult(20AABBCCDD)");
    }

    #[test]
    fn has_whole_results() {
        let error = Err(Error::new(ErrorKind::WrongLength, 0));
        for len in [0, 4, 6, 9] {
            assert_eq!(IssuerScriptResults::from_value(&[0; 10][..len]), error);
        }
        assert_eq!(IssuerScriptResults::encode_into(&[], &mut [0; 5]), error);
        assert_eq!(ScriptResult::new(ScriptOutcome::Failed, 200, [0; 4]).command(), 15);
    }

    #[test]
    fn what_need_not_be_results_is_hidden() {
        // A member's number in characters, one in digits, and a card number behind a plausible outcome.
        for value in
            [&b"1234567890"[..], &hex!("9876543210"), &hex!("20 00000000 20 4111111111111111 00")]
        {
            let results = IssuerScriptResults::from_value(value).unwrap();
            let length = format!("({} bytes)", value.len());
            assert_eq!(results.to_string(), length);
            assert_eq!(format!("{results:?}"), format!("IssuerScriptResults({length})"));
            assert_eq!(format!("{:#}", Exposed(&results)).lines().count(), value.len() / 5);
        }
    }
}
