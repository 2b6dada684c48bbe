//! The layout of optional blocks, and the rules about all of them.

#![allow(clippy::arithmetic_side_effects, reason = "a test says what it expects by panicking")]

extern crate std;
use super::*;
use std::{format, string::String, vec, vec::Vec};

const IN_BYTES: Profile = Profile::LENIENT;
const IN_CHARACTERS: Profile = Profile::LENIENT.with(Rule::LengthInCharacters);

type Listed = Vec<([u8; 2], Vec<u8>)>;

fn take(text: &[u8], count: u8, profile: Profile) -> Result<(Listed, usize), Error> {
    let (blocks, rest) = OptionalBlocks::take(text, count, Algorithm::Tdes, profile)?;
    assert_eq!(blocks.len(), usize::from(count));
    assert_eq!(blocks.is_empty(), count == 0);
    assert_eq!([blocks.text(), rest].concat(), text);
    let listed: Listed = blocks.iter().map(|block| (block.id(), block.data().to_vec())).collect();
    assert_eq!(listed.len(), blocks.len());
    Ok((listed, rest.len()))
}

fn fault(fault: OptionalBlockFault, offset: u16) -> Result<(Listed, usize), Error> {
    Err(Error::OptionalBlock { fault, offset })
}

/// The same by slicing strings, without any rule.
fn slowly(text: &str, count: u8, in_characters: bool) -> Option<(Listed, usize)> {
    let mut at = 0;
    let mut listed = Vec::new();
    let hex = |digits: &str| {
        let upper = |c: char| c.is_ascii_digit() || ('A'..='F').contains(&c);
        digits.chars().all(upper).then(|| usize::from_str_radix(digits, 16).ok()).flatten()
    };
    for _ in 0..count {
        let id = text.get(at..at + 2)?;
        if !id.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()) {
            return None;
        }
        let mut len = hex(text.get(at + 2..at + 4)?)?;
        let mut head = 4;
        if len == 0 {
            let digits = match (hex(text.get(at + 4..at + 6)?)?, in_characters) {
                (4, _) | (2, false) => 4,
                (2, true) | (1, false) => 2,
                _ => return None,
            };
            len = hex(text.get(at + 6..at + 6 + digits)?)?;
            head = 6 + digits;
        }
        let data = text.get(at + head..at + len)?;
        if !data.chars().all(|c| (' '..='~').contains(&c)) {
            return None;
        }
        listed.push((id.as_bytes().try_into().unwrap(), data.as_bytes().to_vec()));
        at += len;
    }
    Some((listed, text.len() - at))
}

#[test]
fn lengths_are_short_or_extended() {
    let kc = (*b"KC", b"000169E3".to_vec());
    assert_eq!(take(b"KC0C000169E3rest", 1, IN_CHARACTERS), Ok((vec![kc.clone()], 4)));
    assert_eq!(take(b"KC00040012000169E3", 1, IN_CHARACTERS), Ok((vec![kc.clone()], 0)));
    assert_eq!(take(b"KC000210000169E3", 1, IN_CHARACTERS), Ok((vec![kc.clone()], 0)));
    assert_eq!(take(b"KC00020012000169E3", 1, IN_BYTES), Ok((vec![kc.clone()], 0)));
    assert_eq!(take(b"KC00040012000169E3", 1, IN_BYTES), Ok((vec![kc.clone()], 0)));
    assert_eq!(take(b"KC000110000169E3", 1, IN_BYTES), Ok((vec![kc], 0)));
    assert_eq!(take(b"PB04", 1, IN_BYTES), Ok((vec![(*b"PB", vec![])], 0)));
    assert_eq!(take(b"", 0, Profile::X9_143), Ok((vec![], 0)));
    assert_eq!(take(b"KC03", 0, Profile::X9_143), Ok((vec![], 4)));
}

#[test]
fn each_fault_is_named_where_its_optional_block_begins() {
    use OptionalBlockFault as Fault;
    for (text, expected) in [
        (&b""[..], Fault::Cut),
        (b"K", Fault::Cut),
        (b"KC0", Fault::Cut),
        (b"KC05", Fault::Cut),
        (b"KC06a", Fault::Cut),
        (b"KC00", Fault::Cut),
        (b"KC0004", Fault::Cut),
        (b"KC0004001", Fault::Cut),
        (b"KC0004000B", Fault::Cut),
        (b"kC04", Fault::Id),
        (b"K 04", Fault::Id),
        (b"K\x8004", Fault::Id),
        (b"KC0a..........", Fault::LengthNotHex),
        (b"KC-4", Fault::LengthNotHex),
        (b"KC000G0000", Fault::LengthNotHex),
        (b"KC000400ab", Fault::LengthNotHex),
        (b"KC01", Fault::LengthTooSmall),
        (b"KC03", Fault::LengthTooSmall),
        (b"KC00040009", Fault::LengthTooSmall),
        (b"KC0000", Fault::ExtendedLength),
        (b"KC00030000", Fault::ExtendedLength),
        (b"KC000600000C", Fault::ExtendedLength),
        (b"KC05\x1F", Fault::Character),
        (b"KC05\x7F", Fault::Character),
        (b"KC06 \xFF", Fault::Character),
    ] {
        for profile in [IN_BYTES, Profile::X9_143] {
            assert_eq!(take(text, 1, profile), fault(expected, 16), "{}", text.escape_ascii());
            let second = [b"LB05~", text].concat();
            assert_eq!(take(&second, 2, profile), fault(expected, 21));
        }
    }
    // In X9.143 a count of bytes is none of characters, and the rule is named where nothing else can be meant.
    let rule = Err(Error::Rule { rule: Rule::LengthInCharacters, offset: 16 });
    for text in [&b"KC0001FF"[..], b"KC00020012000169E3", b"KC000207FF"] {
        assert_eq!(take(text, 1, IN_CHARACTERS), rule, "{}", text.escape_ascii());
    }
    assert_eq!(take(b"KC0002FF", 1, IN_CHARACTERS), fault(Fault::Cut, 16));
    assert_eq!(take(b"KC0001FF", 1, IN_BYTES), fault(Fault::Cut, 16));
}

#[test]
fn headers_that_are_known_to_be_wrong() {
    use OptionalBlockFault as Fault;
    assert_eq!(take(b"KS04TT03", 2, IN_BYTES), fault(Fault::LengthTooSmall, 20));
    assert_eq!(take(b"KS07000T", 2, IN_BYTES), fault(Fault::Cut, 23));
    assert_eq!(take(b"KS0001FF", 1, IN_BYTES), fault(Fault::Cut, 16));
}

#[test]
fn headers_are_written_as_they_were_read() {
    let long = format!("KS0002010A{}PB0600", "P".repeat(256));
    for text in ["KS1200604B120F9292PB0600", &long] {
        let (blocks, rest) =
            OptionalBlocks::take(text.as_bytes(), 2, Algorithm::Tdes, IN_BYTES).unwrap();
        assert!(rest.is_empty());
        let mut out = [0; 300];
        let mut free = &mut out[..];
        let mut expected = 0;
        for block in blocks {
            expected += usize::from(block.encoded_len().unwrap());
            free = block.write(ExtendedLengths::InBytes, free).unwrap();
        }
        let written = 300 - free.len();
        assert_eq!((written, &out[..written]), (expected, text.as_bytes()));
    }
}

#[test]
fn lengths_from_the_shortest_to_the_longest_read_back() {
    let data = vec![b'~'; 66_000];
    let mut out = vec![0; 70_000];
    let (step, long): (_, &[usize]) =
        if cfg!(miri) { (36, &[9_000]) } else { (1, &[9_000, 9_989, 65_525]) };
    for len in (0..600).step_by(step).chain(long.iter().copied()) {
        let block = OptionalBlock::new(*b"LB", &data[..len]).unwrap();
        for (lengths, profile) in
            [(ExtendedLengths::InCharacters, IN_CHARACTERS), (ExtendedLengths::InBytes, IN_BYTES)]
        {
            let encoded = usize::from(block.encoded_len().unwrap());
            assert_eq!(encoded, if len < 252 { len + 4 } else { len + 10 });
            assert!(block.write(lengths, &mut out[..encoded - 1]).is_none());
            assert!(block.write(lengths, &mut out[..encoded]).unwrap().is_empty());
            let read = take(&out[..encoded], 1, profile);
            assert_eq!(read, Ok((vec![(*b"LB", data[..len].to_vec())], 0)));
        }
    }
    let too_long = OptionalBlock::new(*b"LB", &data[..65_526]).unwrap();
    assert_eq!(too_long.encoded_len(), None);
    assert!(too_long.write(ExtendedLengths::InBytes, &mut out).is_none());
    // More text than an offset can tell of is still cut at its places.
    let text = [b"LB0004FFFF", &data[..65_525], b"LB0004FFFF", &data[..65_525], b"end"].concat();
    assert_eq!(take(&text, 2, IN_CHARACTERS).unwrap().1, 3);
}

#[test]
fn up_to_99_are_taken_in_order() {
    let names: Vec<[u8; 2]> =
        (0..99_u8).map(|n| format!("{n:02}").into_bytes().try_into().unwrap()).collect();
    for count in (0..=99_u8).step_by(if cfg!(miri) { 33 } else { 1 }) {
        let ids = &names[..usize::from(count)];
        let text: Vec<u8> = ids.iter().flat_map(|id| [&id[..], b"05", &id[1..]].concat()).collect();
        let (listed, rest) = take(&text, count, Profile::X9_143).unwrap();
        assert!(rest == 0 && listed.iter().zip(ids).all(|((id, _), known)| id == known));
        let repeated = [&text[..], b"0005x"].concat();
        let offset = 16 + 5 * u16::from(count);
        let expected = Error::Rule { rule: Rule::UniqueOptionalBlocks, offset };
        if count > 0 && count < 99 {
            assert_eq!(take(&repeated, count + 1, Profile::X9_143), Err(expected));
            assert!(take(&repeated, count + 1, Profile::LENIENT).is_ok());
        }
        if count < 99 {
            assert!(take(&text, count + 1, Profile::LENIENT).is_err());
        }
    }
}

#[test]
fn every_pair_of_characters_is_an_id_of_its_own() {
    let characters: Vec<u8> = (b'0'..=b'9').chain(b'A'..=b'Z').collect();
    let mut ids = Ids([0; 41]);
    for _ in 0..2 {
        let fresh = ids.0 == [0; 41];
        for &first in &characters {
            for &second in &characters {
                assert_eq!(ids.insert([first, second]), fresh);
            }
        }
    }
}

#[test]
fn padding_stands_once_and_last() {
    let refused = |rule, offset| Err(Error::Rule { rule, offset });
    assert!(take(b"LB04PB0600", 2, Profile::X9_143).is_ok());
    let first = take(b"PB0600LB04", 2, Profile::X9_143);
    assert_eq!(first, refused(Rule::PaddingLast, 22));
    let twice = take(b"PB0600PB0600", 2, Profile::X9_143);
    assert_eq!(twice, refused(Rule::PaddingLast, 22));
    let twice = take(b"PB0600PB0600", 2, Profile::X9_143.without(Rule::PaddingLast));
    assert_eq!(twice, refused(Rule::UniqueOptionalBlocks, 22));
    let between = take(b"PB04LB04FL04", 3, Profile::X9_143.without(Rule::UniqueOptionalBlocks));
    assert_eq!(between, refused(Rule::PaddingLast, 20));
    assert!(take(b"PB0600PB0600LB04", 3, Profile::LENIENT).is_ok());
}

#[test]
fn what_is_to_be_written_keeps_the_same_rules() {
    let long = vec![b'x'; 252];
    let lists: [&[(&[u8; 2], &[u8])]; 8] = [
        &[],
        &[(b"LB", b"a"), (b"PB", b"00")],
        &[(b"PB", b"00"), (b"LB", b"a")],
        &[(b"LB", b"a"), (b"LB", b"b")],
        &[(b"LB", b"a"), (b"KS", b"10DE#GBIC#OPT1")],
        &[(b"KC", b"00ABCD"), (b"HM", b"21")],
        &[(b"LB", &long), (b"TS", b"20200818004100")],
        &[(b"LB", &long), (b"10", b"")],
    ];
    for list in lists {
        let blocks: Vec<_> =
            list.iter().map(|(id, data)| OptionalBlock::new(**id, data).unwrap()).collect();
        for lengths in [ExtendedLengths::InCharacters, ExtendedLengths::InBytes] {
            let mut text = vec![0; 400];
            let mut free = &mut text[..];
            for block in &blocks {
                free = block.write(lengths, free).unwrap();
            }
            let len = 400 - free.len();
            for profile in [Profile::X9_143, Profile::PAYSHIELD, Profile::LENIENT] {
                let count = u8::try_from(blocks.len()).unwrap();
                let read = OptionalBlocks::take(&text[..len], count, Algorithm::Tdes, profile);
                let listed = blocks.iter().copied();
                let checked = check(listed, lengths, Algorithm::Tdes, profile);
                let in_bytes = Error::Rule { rule: Rule::LengthInCharacters, offset: 16 };
                if checked == Err(in_bytes) {
                    // Read as it stands, it would be another length.
                    assert!(lengths == ExtendedLengths::InBytes && read.is_err());
                } else {
                    assert_eq!(read.map(|_| ()), checked);
                }
            }
        }
    }
}

#[test]
fn every_truncation_and_every_changed_character_reads_as_slowly() {
    let long = format!("LB00040130{}", "Z".repeat(294));
    let extended = format!("LB0002010A{}", "P".repeat(256));
    for (text, count) in [
        ("KS18FFFF00A0200001E00000KC0C000169E3KP0C00ECAD62", 3),
        ("IK141234567890123456PB0C00000000", 2),
        ("KC000210000169E3", 1),
        ("KC000110000169E3PB04", 2),
        ("LB0ETEST KEY 1TS1320261122103000ZBI0E0012345678PB0FAAAAAAAAAAA", 4),
        (long.as_str(), 1),
        (extended.as_str(), 1),
    ] {
        let check = |text: &str| {
            for (profile, in_characters) in [(IN_BYTES, false), (IN_CHARACTERS, true)] {
                let slow = slowly(text, count, in_characters);
                assert_eq!(take(text.as_bytes(), count, profile).ok(), slow, "{text}");
            }
        };
        assert!(slowly(text, count, false).is_some() || slowly(text, count, true).is_some());
        for len in (0..=text.len()).step_by(if cfg!(miri) { 9 } else { 1 }) {
            check(&text[..len]);
        }
        for at in (0..text.len().min(70)).step_by(if cfg!(miri) { 5 } else { 1 }) {
            for other in (0..128_u8).step_by(if cfg!(miri) { 32 } else { 1 }) {
                let mut changed = String::from(text);
                changed.replace_range(at..=at, core::str::from_utf8(&[other]).unwrap());
                check(&changed);
            }
        }
    }
}

#[test]
fn debug_shows_no_data() {
    let block = OptionalBlock::new(*b"LB", b"MAIN STREET 1").unwrap();
    assert_eq!(format!("{block:?} {:?}", block.contents().unwrap()).matches("LB (13").count(), 2);
    let certificate = Certificate { format: CertificateFormat::X509, base64: "U0VDUkVU" };
    let chain = [certificate];
    for contents in [
        Contents::Certificate(certificate),
        Contents::CertificateChain(CertificateChain::new(&chain)),
    ] {
        assert!(!format!("{contents:?} {contents} {certificate:?}").contains("U0VD"));
    }
}

#[test]
fn a_block_is_of_printable_text() {
    let refused = |fault| Err(Error::OptionalBlock { fault, offset: 0 });
    assert_eq!(OptionalBlock::new(*b"lb", b""), refused(OptionalBlockFault::Id));
    assert_eq!(OptionalBlock::new(*b"L\x80", b""), refused(OptionalBlockFault::Id));
    assert_eq!(OptionalBlock::new(*b"LB", b"a\n"), refused(OptionalBlockFault::Character));
    let block = OptionalBlock::new(*b"9Z", b" ~").unwrap();
    assert_eq!((block.id(), block.as_str()), (*b"9Z", " ~"));
}
