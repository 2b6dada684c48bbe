//! Everything that is wrong with a key block, not only what is met first.

use keyblock::{Error, HeaderField, KeyBlock, Profile, Rule, Version};

use super::anatomy::{Anatomy, Optional, Stretch};

/// Faults that are told; of a text that is no key block at all there would be one a character.
const MOST: usize = 20;

/// No rule but the one without which two readings are possible.
const PLAIN: Profile = Profile::LENIENT.with(Rule::LengthInCharacters);

/// Something that is wrong, and where.
pub(super) struct Fault {
    pub(super) error: Error,
    pub(super) at: Stretch,
}

/// A rule that the block does not keep, and where.
pub(super) struct Broken {
    pub(super) rule: Rule,
    pub(super) offset: usize,
    pub(super) text: String,
}

impl Broken {
    fn at(rule: Rule, offset: usize) -> Self {
        let at = u16::try_from(offset).unwrap_or(u16::MAX);
        Self { rule, offset, text: Error::Rule { rule, offset: at }.to_string() }
    }

    /// What an error says about a rule.
    fn of(error: Error) -> Option<Self> {
        let (rule, offset) = (error.rule()?, error.offset()?);
        Some(Self { rule, offset: offset.into(), text: error.to_string() })
    }
}

/// What a look at a text came to.
pub(super) struct Findings {
    /// Without any, the block can be read.
    pub(super) faults: Vec<Fault>,
    /// The rules of X9.143 that are broken.
    pub(super) broken: Vec<Broken>,
    /// Under which the block is read.
    pub(super) profile: Profile,
}

impl Findings {
    /// What `parse` says first.
    pub(super) fn refusal(&self) -> Option<Error> {
        self.faults.first().map(|fault| fault.error)
    }

    /// Whether extended lengths are read as the standard has them.
    pub(super) fn in_characters(&self) -> bool {
        self.profile.has(Rule::LengthInCharacters)
    }
}

/// Looks for everything that is wrong with a text.
///
/// What is wrong is put right in a copy, which is then read again, until nothing is wrong or what comes after is anyone's guess.
pub(super) fn find(text: &[u8]) -> Findings {
    let readable = |profile| KeyBlock::parse(text, profile).is_ok();
    let profile =
        if !readable(PLAIN) && readable(Profile::LENIENT) { Profile::LENIENT } else { PLAIN };
    let (faults, copy) = faults(text, profile);
    let broken = copy.map(|copy| broken_rules(&copy, profile)).unwrap_or_default();
    Findings { faults, broken, profile }
}

/// The faults, and a copy without them where there could be one.
fn faults(text: &[u8], profile: Profile) -> (Vec<Fault>, Option<Vec<u8>>) {
    let mut copy = text.to_vec();
    let mut faults = header_faults(&mut copy, text.len());
    let foreign = |fault: &Fault| matches!(fault.error, Error::Header(HeaderField::Version));
    if faults.iter().any(foreign) {
        return (faults, None);
    }
    while let Err(error) = KeyBlock::parse(&copy, profile) {
        let at = place(error, &copy, profile);
        let enough = faults.len() >= MOST;
        match faults.last_mut() {
            // One run of characters is one fault.
            Some(last) if same_run(last, error, at) => last.at.len = last.at.len.saturating_add(1),
            _ if enough => return (faults, None),
            _ => faults.push(Fault { error, at }),
        }
        if !mend(&mut copy, error) {
            return (faults, None);
        }
    }
    (faults, Some(copy))
}

/// The faults of single fields of the header, which are put right in the text.
fn header_faults(copy: &mut [u8], len: usize) -> Vec<Fault> {
    let anatomy = Anatomy::of(copy, true);
    let wrong: Vec<_> = anatomy
        .fields
        .iter()
        .filter(|field| field.meaning.is_none())
        .map(|field| (field.field, Stretch { offset: field.offset(), len: field.text.len() }))
        .collect();
    // A text that is cut within its header has no header to speak of.
    if copy.len() < 16 {
        return Vec::new();
    }
    for (field, at) in &wrong {
        let sound = match field {
            HeaderField::Length => format!("{len:04}").into_bytes(),
            _ => b"00".to_vec(),
        };
        let place = copy.get_mut(at.offset..).unwrap_or_default();
        place.iter_mut().take(at.len).zip(sound).for_each(|(to, from)| *to = from);
    }
    wrong.into_iter().map(|(field, at)| Fault { error: Error::Header(field), at }).collect()
}

/// Puts right what an error says; whether that can be done.
fn mend(copy: &mut Vec<u8>, error: Error) -> bool {
    match error {
        Error::BlockLength { stated, actual } => {
            let stated = usize::from(stated);
            if copy
                .get(..stated)
                .is_some_and(|text| KeyBlock::parse(text, Profile::LENIENT).is_ok())
            {
                // A block, and something behind it.
                copy.truncate(stated);
                return true;
            }
            let digits = format!("{actual:04}").into_bytes();
            let field = copy.get_mut(1..5).unwrap_or_default();
            let fits = digits.len() == field.len();
            field.iter_mut().zip(digits).for_each(|(to, from)| *to = from);
            fits
        }
        Error::KeyNotHex { offset } | Error::MacNotHex { offset } => {
            let character = copy.get_mut(usize::from(offset));
            character.map(|character| *character = b'0').is_some()
        }
        _ => false,
    }
}

/// Where an error is, and how far it goes.
fn place(error: Error, text: &[u8], profile: Profile) -> Stretch {
    let one = |offset| Stretch { offset, len: 1 };
    match error {
        Error::TooShort { .. } => one(text.len()),
        Error::BlockLength { .. } => Stretch { offset: 1, len: 4 },
        Error::OptionalBlocksLength { len, .. } => Stretch { offset: 16, len: len.into() },
        Error::EncipheredLength { .. } => {
            let in_characters = profile.has(Rule::LengthInCharacters);
            let protected = Anatomy::of(text, in_characters).protected;
            protected.map_or(one(0), |(enciphered, _)| enciphered)
        }
        _ => one(error.offset().unwrap_or(0).into()),
    }
}

/// Whether an error goes on where the last one ends.
fn same_run(last: &Fault, error: Error, at: Stretch) -> bool {
    let next = last.at.offset.saturating_add(last.at.len) == at.offset;
    match (last.error, error) {
        (Error::KeyNotHex { .. }, Error::KeyNotHex { .. })
        | (Error::MacNotHex { .. }, Error::MacNotHex { .. }) => next,
        _ => false,
    }
}

/// The rules of X9.143 that a text breaks, which can be read under this profile.
fn broken_rules(text: &[u8], profile: Profile) -> Vec<Broken> {
    let mut broken = Vec::new();
    match text.first().copied().and_then(Version::from_code) {
        Some(Version::A) => broken.push(Broken::at(Rule::NoVersionA, 0)),
        Some(Version::C) => broken.push(Broken::at(Rule::NoVersionC, 0)),
        _ => {}
    }
    let in_characters = profile.has(Rule::LengthInCharacters);
    let anatomy = Anatomy::of(text, in_characters);
    let in_bytes = anatomy.optional.iter().filter(|block| block.in_bytes);
    broken.extend(in_bytes.map(|block| Broken::at(Rule::LengthInCharacters, block.offset)));
    for &rule in Rule::ALL.iter().filter(|rule| Profile::X9_143.has(**rule)) {
        let mut copy = text.to_vec();
        while let Err(error) = KeyBlock::parse(&copy, profile.with(rule)) {
            let Some(found) = Broken::of(error) else { break };
            let offset = found.offset;
            // One rule may be a case of another.
            if broken.iter().all(|known| (known.rule, known.offset) != (found.rule, offset)) {
                broken.push(found);
            }
            if !rename(&mut copy, error, in_characters) {
                break;
            }
        }
    }
    broken
}

/// Gives the optional block that an error is about an id that nobody has and that no rule is about; whether that was done.
fn rename(copy: &mut [u8], error: Error, in_characters: bool) -> bool {
    let Some(offset) = error.offset().map(usize::from) else { return false };
    let optional = Anatomy::of(copy, in_characters).optional;
    let about = |block: &&Optional<'_>| {
        let end = block.offset.saturating_add(block.len);
        match error {
            // A wrong length is at the end of the data.
            Error::Contents { id, .. } => block.id == id && (block.offset..=end).contains(&offset),
            _ => (block.offset..end).contains(&offset),
        }
    };
    let at = optional.iter().find(about).map(|block| block.offset);
    let ids = (0..100).map(|number| format!("{number:02}").into_bytes());
    let free = ids.into_iter().find(|id| optional.iter().all(|block| block.id[..] != id[..]));
    let (Some(at), Some(id)) = (at, free) else { return false };
    let place = copy.get_mut(at..).and_then(|rest| rest.get_mut(..2)).unwrap_or_default();
    // One that was renamed has done nothing more.
    if place.iter().all(u8::is_ascii_digit) {
        return false;
    }
    place.iter_mut().zip(id).for_each(|(to, from)| *to = from);
    true
}

/// The rules of X9.143 that the key inside breaks.
pub(super) fn rules_of_key(
    text: &[u8],
    kbpk: &dyn keyblock::ProtectionKey,
    profile: Profile,
) -> Vec<Broken> {
    let rules = Rule::ALL.iter().filter(|rule| Profile::X9_143.has(**rule));
    let broken = rules.filter_map(|&rule| {
        let block = KeyBlock::parse(text, profile.with(rule)).ok()?;
        let mut buffer = vec![0; block.enciphered_len()];
        block.unwrap_key(kbpk, &mut buffer).err().and_then(Broken::of)
    });
    broken.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "D0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D207E2E417C07156A27E8E31DA05F7425509593D03A457DC34";

    fn kinds(text: &str) -> Vec<(&'static str, usize, usize)> {
        let findings = find(text.as_bytes());
        let faults = findings.faults.iter();
        faults.map(|fault| (fault.error.as_str(), fault.at.offset, fault.at.len)).collect()
    }

    fn changed(changes: &[(usize, &str)]) -> String {
        let mut text = BLOCK.to_owned();
        for (at, with) in changes {
            text.replace_range(*at..at.saturating_add(with.len()), with);
        }
        text
    }

    fn refusal(text: &str) -> Option<Error> {
        KeyBlock::parse(text.as_bytes(), PLAIN).err()
    }

    #[test]
    fn every_fault_is_found() {
        assert_eq!(kinds(BLOCK), []);
        let text = changed(&[(1, "0096"), (7, "?"), (11, "e"), (20, "xyz"), (100, "g")]);
        let expected = [
            ("header", 7, 1),
            ("header", 11, 1),
            ("block_length", 1, 4),
            ("key_not_hex", 20, 3),
            ("mac_not_hex", 100, 1),
        ];
        assert_eq!(kinds(&text), expected);
        assert_eq!(kinds(&changed(&[(0, "Z"), (8, "!")])), [("header", 0, 1), ("header", 8, 1)]);
        assert_eq!(kinds(&BLOCK[..7]), [("too_short", 7, 1)]);
        assert_eq!(kinds(&format!("{BLOCK}00")), [("block_length", 1, 4)]);
        assert_eq!(kinds(&BLOCK[..110]), [("block_length", 1, 4), ("enciphered_length", 16, 62)]);
        assert_eq!(kinds(&changed(&[(12, "01"), (18, "ZZ")])), [("optional_block", 16, 1)]);
    }

    #[test]
    fn what_can_be_read_has_no_fault_and_nothing_else_is_without() {
        for at in 0..BLOCK.len() {
            for with in ["0", "7", "A", "F", "T", "a", " ", "\u{7F}"] {
                let text = changed(&[(at, with)]);
                let readable = KeyBlock::parse(text.as_bytes(), Profile::LENIENT).is_ok();
                assert_eq!(kinds(&text).is_empty(), readable, "{text}");
                assert_eq!(find(text.as_bytes()).refusal(), refusal(&text), "{text}");
            }
        }
        for end in 0..BLOCK.len() {
            assert_eq!(find(&BLOCK.as_bytes()[..end]).refusal(), refusal(&BLOCK[..end]));
            assert!(!kinds(&BLOCK[..end]).is_empty());
        }
    }

    #[test]
    fn every_broken_rule_is_found() {
        let rules = |text: &str| -> Vec<_> {
            let findings = find(text.as_bytes());
            findings.broken.iter().map(|broken| (broken.rule.as_str(), broken.offset)).collect()
        };
        assert_eq!(rules(BLOCK), [("hidden_key_length", 16)]);
        let head = "A0104P0TE00E0400PB08AAAAKS08KS00KS0800KSIK081234";
        let mut found = rules(&format!("{head}{}", "0".repeat(56)));
        found.sort_unstable();
        let expected = [
            ("hex_key_set", 28),
            ("hex_key_set", 38),
            ("hidden_key_length", 48),
            ("no_version_a", 0),
            ("optional_block_contents", 48),
            ("padding_last", 24),
            ("unique_optional_blocks", 32),
        ];
        assert_eq!(found, expected);
        // An extended length that is counted in bytes.
        let head = "D0128P0AE00E0100LB00020010123456";
        let found = rules(&format!("{head}{}", "0".repeat(96)));
        assert_eq!(found, [("length_in_characters", 16), ("hidden_key_length", 32)]);
    }
}
