//! Which fields a message type must and must not carry.

use crate::composite::NO_NUMBER;
use crate::parts::Walk;
use crate::{Error, ErrorKind, Field, MessageRef, Mti, Path, wire};

/// Which fields each message type must and must not carry, as data.
///
/// # Examples
/// ```
/// use iso8583_wire::dialect::ISO87_ASCII;
/// use iso8583_wire::{Condition, ErrorKind, MessageRef, MtiRule, Presence, Rules};
///
/// static RULES: Rules = Rules::new(&[
///     // Any financial request: an amount, and a track or an account number.
///     MtiRule::new(b"020x", &[
///         (4, Presence::Mandatory),
///         (2, Presence::MandatoryIf(Condition::Lacks(35))),
///         (39, Presence::Forbidden),
///     ]),
/// ]);
///
/// let message = MessageRef::parse(&ISO87_ASCII, b"0200200000000200000000000000")?;
/// let mut found = Vec::new();
/// assert!(!message.validate(&RULES, |violation| found.push(violation.to_string())));
/// assert_eq!(found, [
///     "field 4 at byte 28: the message does not carry this data element",
///     "field 2 at byte 28: the message does not carry this data element",
///     "field 39 at byte 26: the message must not carry this data element",
/// ]);
/// # Ok::<(), iso8583_wire::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules<'a> {
    rules: &'a [MtiRule<'a>],
}

/// Which fields the message types of one pattern must and must not carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MtiRule<'a> {
    pattern: [u8; 4],
    fields: &'a [(u16, Presence<'a>)],
    is_closed: bool,
}

/// Whether a message carries a data element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Presence<'a> {
    /// It must.
    Mandatory,
    /// It may.
    Optional,
    /// It must not.
    Forbidden,
    /// It must where the condition holds.
    MandatoryIf(Condition<'a>),
    /// It must not where the condition holds.
    ForbiddenIf(Condition<'a>),
    /// It must where the condition holds, and must not where it does not.
    OnlyIf(Condition<'a>),
}

/// What else a message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition<'a> {
    /// The message carries this data element.
    Carries(u16),
    /// The message does not carry this data element.
    Lacks(u16),
    /// The message carries this data element, and its characters begin so: a processing code, an entry mode.
    Begins(u16, &'a str),
}

impl<'a> Rules<'a> {
    /// No message type must or must not carry anything.
    pub const NONE: Self = Self::new(&[]);

    /// These rules; all of those hold whose pattern a message type matches.
    #[must_use]
    pub const fn new(rules: &'a [MtiRule<'a>]) -> Self {
        Self { rules }
    }
}

impl<'a> MtiRule<'a> {
    /// Rules for the message types of a pattern: four digits, of which any may be an `x` for every digit.
    ///
    /// # Panics
    /// Where the pattern is none, or a field's number is not 1 to 192: in a constant that is a compile error. Use
    /// [`MtiRule::try_new`] for rules that are known only at run time.
    #[must_use]
    #[allow(clippy::panic, reason = "a rule that can hold for nothing must fail the build")]
    pub const fn new(pattern: &[u8; 4], fields: &'a [(u16, Presence<'a>)]) -> Self {
        match Self::try_new(pattern, fields) {
            Ok(rule) => rule,
            Err(_) => panic!("a pattern is four digits or x, a field's number 1 to 192"),
        }
    }

    /// Rules that are known only at run time.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidMti`] where the pattern is none, [`ErrorKind::UndefinedField`] where a field's number is not 1 to
    /// 192: such a rule would hold for nothing.
    pub const fn try_new(
        pattern: &[u8; 4],
        fields: &'a [(u16, Presence<'a>)],
    ) -> Result<Self, Error> {
        let mut rest: &[u8] = pattern;
        while let [digit, after @ ..] = rest {
            if !digit.is_ascii_digit() && *digit != b'x' {
                return Err(Error::new(ErrorKind::InvalidMti, 0, Path::MTI));
            }
            rest = after;
        }
        let mut rest = fields;
        while let [(number, _), after @ ..] = rest {
            if *number == 0 || *number > 192 {
                return Err(Error::new(ErrorKind::UndefinedField, 0, Path::field(*number)));
            }
            rest = after;
        }
        Ok(Self { pattern: *pattern, fields, is_closed: false })
    }

    /// The same rules with all data elements forbidden that they do not name.
    #[must_use]
    pub const fn closed(self) -> Self {
        Self { is_closed: true, ..self }
    }

    fn is_for(&self, mti: Mti) -> bool {
        let digits = mti.digits();
        self.pattern
            .iter()
            .zip(digits)
            .all(|(pattern, digit)| *pattern == b'x' || *pattern == digit)
    }

    fn names(&self, number: u16) -> bool {
        self.fields.iter().any(|(named, _)| *named == number)
    }
}

impl Condition<'_> {
    fn holds(self, message: &MessageRef<'_, '_>) -> bool {
        match self {
            Self::Carries(number) => message.get(number).is_some(),
            Self::Lacks(number) => message.get(number).is_none(),
            Self::Begins(number, text) => message.get(number).is_some_and(|field| {
                let mut characters = field.characters();
                text.chars().all(|c| characters.next() == Some(c))
            }),
        }
    }
}

impl MessageRef<'_, '_> {
    /// Visits everything in which the message breaks a rule, in the order of its fields: values that their classes and pads
    /// do not admit, if it was read without a look at them ([`MessageRef::parse_structure`]); then what it must and must not
    /// carry. Says whether nothing was found.
    ///
    /// A missing field is placed at the end of the message.
    pub fn validate(&self, rules: &Rules<'_>, mut visit: impl FnMut(Error)) -> bool {
        let mut found = false;
        let mut visit = |error| {
            found = true;
            visit(error);
        };
        self.visit_values(&mut visit);
        for rule in rules.rules.iter().filter(|rule| rule.is_for(self.mti())) {
            for &(number, presence) in rule.fields {
                if let Some(error) = self.violation(number, presence) {
                    visit(error);
                }
            }
            if rule.is_closed {
                let unnamed = self.carried().iter().filter(|number| !rule.names(*number));
                unnamed.for_each(|number| visit(self.forbidden(number)));
            }
        }
        !found
    }

    fn violation(&self, number: u16, presence: Presence<'_>) -> Option<Error> {
        let (must, must_not) = match presence {
            Presence::Mandatory => (true, false),
            Presence::Optional => (false, false),
            Presence::Forbidden => (false, true),
            Presence::MandatoryIf(condition) => (condition.holds(self), false),
            Presence::ForbiddenIf(condition) => (false, condition.holds(self)),
            Presence::OnlyIf(condition) => {
                let holds = condition.holds(self);
                (holds, !holds)
            }
        };
        match self.get(number) {
            None if must => self.require(number).err(),
            Some(_) if must_not => Some(self.forbidden(number)),
            _ => None,
        }
    }

    #[cold]
    fn forbidden(&self, number: u16) -> Error {
        let at = self.get(number).map_or(0, |field| self.offset_of(field.wire()));
        Error::new(ErrorKind::ForbiddenField, at, Path::field(number))
    }

    /// Where bytes of the message begin in it.
    pub(crate) fn offset_of(&self, part: &[u8]) -> usize {
        part.as_ptr().addr().saturating_sub(self.wire().as_ptr().addr())
    }

    fn visit_values(&self, visit: &mut dyn FnMut(Error)) {
        for field in self {
            let path = Path::from([field.number()]);
            self.visit_value(field.definition(), field.data(), field.count(), path, visit);
        }
    }

    /// Checks a value, or each of its parts.
    ///
    /// Parts lie no deeper than the spec's own limit, so the recursion ends there.
    fn visit_value(
        &self,
        field: &Field,
        data: &[u8],
        count: usize,
        path: Path,
        visit: &mut dyn FnMut(Error),
    ) {
        let spec = self.spec();
        match spec.made_of_parts(field) {
            Some(composite) => {
                let Ok(mut walk) = Walk::new(spec, composite, data) else { return };
                while let Ok(Some(part)) = walk.advance() {
                    let is_numbered = part.number != NO_NUMBER;
                    let path = if is_numbered { path.part(part.number) } else { path };
                    self.visit_value(part.field, part.data(), part.extent.count, path, visit);
                }
            }
            None => {
                if let Err(kind) = wire::check(field, data, count) {
                    visit(Error::new(kind, self.offset_of(data), path));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::*;
    use crate::dialect::ISO87_ASCII;

    fn violations(rules: &Rules<'_>, wire: &[u8]) -> Vec<alloc::string::String> {
        let message = MessageRef::parse_structure(&ISO87_ASCII, wire).unwrap();
        let mut found = Vec::new();
        let is_valid = message.validate(rules, |error| {
            found.push(alloc::format!(
                "{} {} {}",
                error.path(),
                error.offset(),
                error.kind().as_str()
            ));
        });
        assert_eq!(is_valid, found.is_empty());
        found
    }

    #[test]
    fn every_wrong_value_is_visited() {
        let wire = b"020030000000000000000000A000000001234x";
        assert_eq!(
            violations(&Rules::NONE, wire),
            ["3 20 invalid_character", "4 26 invalid_character"]
        );
        assert!(MessageRef::parse(&ISO87_ASCII, wire).is_err());
        let right = b"02003000000000000000000000000000012345";
        assert!(violations(&Rules::NONE, right).is_empty());
    }

    #[test]
    fn a_rule_that_can_hold_for_nothing_is_refused() {
        for (pattern, number, kind) in [
            (b"020X", 4, ErrorKind::InvalidMti),
            (b"02**", 4, ErrorKind::InvalidMti),
            (b"020x", 0, ErrorKind::UndefinedField),
            (b"020x", 193, ErrorKind::UndefinedField),
        ] {
            let fields = [(number, Presence::Mandatory)];
            assert_eq!(MtiRule::try_new(pattern, &fields).unwrap_err().kind(), kind);
        }
    }

    #[test]
    fn conditions() {
        // A processing code, and a response code.
        let wire = b"02102000000002000000310000" as &[u8];
        let wire = [wire, b"00"].concat();
        for (number, presence, expected) in [
            (4, Presence::Mandatory, Some("missing_field")),
            (3, Presence::Mandatory, None),
            (4, Presence::Optional, None),
            (3, Presence::Forbidden, Some("forbidden_field")),
            (4, Presence::MandatoryIf(Condition::Begins(3, "31")), Some("missing_field")),
            (4, Presence::MandatoryIf(Condition::Begins(3, "00")), None),
            (4, Presence::MandatoryIf(Condition::Begins(3, "3100001")), None),
            (3, Presence::ForbiddenIf(Condition::Carries(39)), Some("forbidden_field")),
            (3, Presence::ForbiddenIf(Condition::Lacks(39)), None),
            (3, Presence::OnlyIf(Condition::Carries(4)), Some("forbidden_field")),
            (4, Presence::OnlyIf(Condition::Carries(3)), Some("missing_field")),
        ] {
            let fields = [(number, presence)];
            let rules = [MtiRule::new(b"xx1x", &fields)];
            let found = violations(&Rules::new(&rules), &wire);
            let kinds: Vec<_> = found.iter().map(|text| text.rsplit(' ').next().unwrap()).collect();
            assert_eq!(kinds.first().copied(), expected, "{presence:?}");
            let others = [MtiRule::new(b"0200", &fields)];
            assert!(violations(&Rules::new(&others), &wire).is_empty());
        }
        let fields = [(3, Presence::Optional)];
        let rules = [MtiRule::new(b"0210", &fields).closed()];
        assert_eq!(violations(&Rules::new(&rules), &wire), ["39 26 forbidden_field"]);
        let message = MessageRef::parse(&ISO87_ASCII, &wire).unwrap();
        assert_eq!(message.to_string(), "0210 3=310000 39=00");
    }
}
