//! How cardholder verification ended.

use super::{
    Element,
    codes::{debug, separate},
    cvm::{Cvm, CvmCondition, CvmResult, CvmRule},
};
use crate::{Error, ErrorKind, Tag, tags};
use core::fmt;

/// Cardholder Verification Method Results: 3 bytes, the rule that was applied last, and its result.
///
/// # Examples
/// ```
/// use emv_tlv::{element::{Cvm, CvmResult, CvmResults}, parse};
///
/// let results: CvmResults = parse(b"\x9F\x34\x03\x42\x03\x02").next().ok_or("empty")??.read()?;
/// assert_eq!((results.rule().method(), results.result()), (Cvm::OnlinePin, CvmResult::Successful));
/// assert_eq!(CvmResults::NOT_PERFORMED.to_bytes(), [0x3F, 0x00, 0x00]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 4, Annex A4.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CvmResults([u8; 3]);

impl CvmResults {
    /// No method was performed: 3F0000.
    pub const NOT_PERFORMED: Self =
        Self::new(CvmRule::new(Cvm::NotPerformed, false, CvmCondition::Always), CvmResult::Unknown);

    /// The results of a rule.
    #[must_use]
    pub const fn new(rule: CvmRule, result: CvmResult) -> Self {
        let [method, condition] = rule.to_bytes();
        Self([method, condition, result.code()])
    }

    /// The value.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 3] {
        self.0
    }

    /// The rule that was applied last.
    #[must_use]
    pub const fn rule(self) -> CvmRule {
        let [method, condition, _] = self.0;
        CvmRule::from_bytes([method, condition])
    }

    /// How it ended.
    #[must_use]
    pub const fn result(self) -> CvmResult {
        let [.., result] = self.0;
        CvmResult::from_code(result)
    }
}

impl Element<'_> for CvmResults {
    const TAGS: &'static [Tag] = &[tags::CVM_RESULTS];

    fn from_value(value: &[u8]) -> Result<Self, Error> {
        let bytes = value.try_into().map_err(|_| Error::new(ErrorKind::WrongLength, 0))?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for CvmResults {
    /// Says in words what was verified, on which condition, and the result; with `{:#}` one a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CVM: {}", self.rule().method())?;
        separate(f)?;
        write!(f, "condition: {}", self.rule().condition())?;
        separate(f)?;
        write!(f, "result: {}", self.result())
    }
}

impl fmt::Debug for CvmResults {
    /// Shows the bytes; the words are for `Display` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug("CvmResults", &self.0, f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn says_what_was_verified_and_how_it_ended() {
        let results = CvmResults::from_value(&[0x5E, 0x03, 0x00]).unwrap();
        assert_eq!(
            results.to_string(),
            "CVM: signature; condition: if terminal supports the CVM; result: unknown"
        );
        assert_eq!(format!("{results:#}").lines().count(), 3);
        assert_eq!(format!("{results:?}"), "CvmResults(5E0300)");
        assert_eq!(CvmResults::new(results.rule(), results.result()), results);
        assert_eq!(
            CvmResults::NOT_PERFORMED.to_string(),
            "CVM: no CVM performed; condition: always; result: unknown"
        );
    }

    #[test]
    fn has_three_bytes() {
        for len in [0, 2, 4] {
            let error = CvmResults::from_value(&[0; 4][..len]).unwrap_err();
            assert_eq!(error, Error::new(ErrorKind::WrongLength, 0));
        }
    }
}
