use keyblock::{
    AesKbpk, Algorithm, Contents, ContentsFault, Error, Exportability, Header, KeyBlock, KeyUsage,
    ModeOfUse, OptionalBlock, Profile, Rule, TdesKbpk, Version, Wrap,
    optional::{
        Certificate, CertificateChain, CertificateFormat, CheckMethod, Derivation,
        DerivationsAllowed, HeaderCheckValue, KeyLife, UtcTime,
    },
};

use super::{
    contents::{goes_with, holds},
    errors::{assert_all_told, assert_header_refused, told},
};
use crate::choices::Choices;

/// The rules about optional blocks; no other rule is one of the profiles here.
const RULES: [Rule; 5] = [
    Rule::UniqueOptionalBlocks,
    Rule::PaddingLast,
    Rule::OptionalBlockContents,
    Rule::HexKeySet,
    Rule::LengthInCharacters,
];

/// Any text as optional blocks of a key block, under any rules about them: refused where a slow reading refuses it, or read as that
/// finds it and written again; what the blocks hold is read where the standard says so, shown in one line, and written as it was.
///
/// Choices: `u8` a bit for each rule, `u8` version, `u8` algorithm, `u8` number of optional blocks; then the text of them. An even
/// version stands alone, behind its header. Otherwise an optional block PB and a key of zeros are added, and the number is made
/// right if it can be.
pub fn keyblock_header(data: &[u8]) {
    let mut choices = Choices::new(data);
    let rules = choices.u8();
    let chosen = RULES.iter().enumerate().filter(|(bit, _)| rules >> bit & 1 == 1);
    let profile = chosen.fold(Profile::LENIENT, |profile, (_, rule)| profile.with(*rule));
    let version = choices.u8();
    let completed = version & 1 == 1;
    let version = Version::ALL[usize::from(version / 2) % Version::ALL.len()];
    let algorithm = char::from(choices.one_of(b"TADEHRSI"));
    let mut count = usize::from(choices.u8() % 100);
    let mut text: Vec<u8> = choices.rest().iter().copied().take(9_500).collect();
    built(choices);
    if completed {
        count = complete(&mut text, count, version);
    }
    let mut whole =
        format!("{version}{:04}B1{algorithm}X00N{count:02}00", (16 + text.len()).min(9_999))
            .into_bytes();
    whole.extend(&text);

    assert_header_refused(&whole);
    let slow = Slow::read(&text, count, version, algorithm, profile);
    let read = KeyBlock::parse(&whole, profile);
    assert_eq!(read.is_ok(), slow.is_some(), "{:?}: {}", read.err(), whole.escape_ascii());
    match (read, slow) {
        (Ok(block), Some(slow)) => accepted(&block, &slow, &whole, profile),
        (Err(error), _) => {
            told(error);
            let shown = error.to_string();
            assert!(shown == shown.to_lowercase() && shown.lines().count() == 1, "{shown}");
            assert!(error.offset().is_none_or(|offset| usize::from(offset) <= whole.len()));
        }
        _ => {}
    }
}

/// Adds what a block has besides: PB if it is needed, and zeros for key and MAC.
fn complete(text: &mut Vec<u8>, count: usize, version: Version) -> usize {
    let in_bytes = |count| Slow::blocks(text, count, false).filter(|(_, rest)| rest.is_empty());
    let count = (0..99).find(|&count| in_bytes(count).is_some()).unwrap_or(count);
    let lens = [0].into_iter().chain(4..);
    let needed = lens.clone().find(|pb| (text.len() + pb).is_multiple_of(version.block_len()));
    let needed = needed.unwrap();
    if needed != 0 {
        text.extend(format!("PB{needed:02X}{}", "a".repeat(needed - 4)).bytes());
    }
    text.extend(vec![b'0'; 64 + 2 * version.mac_len()]);
    count + usize::from(needed != 0 && count < 99)
}

/// An optional block, as a slow reading finds it.
struct SlowBlock<'a> {
    id: &'a str,
    data: &'a str,
    /// Whether its length stands as it is written here.
    canonical: bool,
}

/// Optional blocks as a slow reading finds them.
struct Slow<'a> {
    blocks: Vec<SlowBlock<'a>>,
    len: usize,
}

impl<'a> Slow<'a> {
    /// So many optional blocks, and what is behind them.
    fn blocks(
        text: &'a [u8],
        count: usize,
        in_characters: bool,
    ) -> Option<(Vec<SlowBlock<'a>>, &'a [u8])> {
        let mut blocks = Vec::new();
        let mut rest = text;
        for _ in 0..count {
            let slice = |from: usize, to: usize| core::str::from_utf8(rest.get(from..to)?).ok();
            let hex = |digits: &str| {
                let upper = |c: char| "0123456789ABCDEF".contains(c);
                digits.chars().all(upper).then(|| usize::from_str_radix(digits, 16).unwrap())
            };
            let id = slice(0, 2)?;
            let short = hex(slice(2, 4)?)?;
            let (len, head) = if short != 0 {
                (short, 4)
            } else {
                let digits = match (hex(slice(4, 6)?)?, in_characters) {
                    (4, _) | (2, false) => 4,
                    (2, true) | (1, false) => 2,
                    _ => return None,
                };
                (hex(slice(6, 6 + digits)?)?, 6 + digits)
            };
            let data = slice(head, len)?;
            let in_id = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
            if !id.chars().all(in_id) || data.chars().any(|c| !(' '..='~').contains(&c)) {
                return None;
            }
            let canonical = if data.len() < 252 {
                short == data.len() + 4
            } else {
                slice(2, 6) == Some("0004")
            };
            blocks.push(SlowBlock { id, data, canonical });
            rest = &rest[len..];
        }
        Some((blocks, rest))
    }

    fn read(
        text: &'a [u8],
        count: usize,
        version: Version,
        algorithm: char,
        profile: Profile,
    ) -> Option<Self> {
        let in_characters = profile.has(Rule::LengthInCharacters);
        let (blocks, rest) = Self::blocks(text, count, in_characters)?;
        let len = text.len() - rest.len();
        let enciphered = rest.len().checked_sub(2 * version.mac_len())?;
        let multiple = 2 * version.enciphered_multiple();
        let whole = enciphered >= multiple.max(6)
            && enciphered.is_multiple_of(multiple)
            && len.is_multiple_of(version.block_len())
            && rest.iter().all(|digit| b"0123456789ABCDEF".contains(digit));
        let kept = blocks.iter().enumerate().all(|(place, block)| {
            let before = || blocks[..place].iter().map(|block| block.id);
            let hex = |text: &str| text.chars().all(|c| "0123456789ABCDEF".contains(c));
            let key_set = matches!(block.id, "KS" | "KP");
            let says = |rule| profile.has(rule);
            !(says(Rule::UniqueOptionalBlocks) && before().any(|id| id == block.id)
                || says(Rule::PaddingLast) && before().any(|id| id == "PB")
                || says(Rule::HexKeySet) && key_set && !hex(block.data)
                || says(Rule::OptionalBlockContents)
                    && (says(Rule::HexKeySet) || !key_set)
                    && !(holds(block.id, block.data) && goes_with(block.id, block.data, algorithm)))
        });
        (whole && kept).then_some(Self { blocks, len })
    }
}

fn accepted(block: &KeyBlock<'_>, slow: &Slow<'_>, whole: &[u8], profile: Profile) {
    let optional = block.optional_blocks();
    assert_eq!(optional.len(), slow.blocks.len());
    let blocks: Vec<OptionalBlock<'_>> = optional.iter().collect();
    let found = blocks.iter().map(|block| (block.id(), block.as_str()));
    let known = slow.blocks.iter().map(|block| (block.id.as_bytes(), block.data));
    assert!(found.eq(known.map(|(id, data)| (id.try_into().unwrap(), data))));
    for block in &blocks {
        let first = blocks.iter().find(|other| other.id() == block.id());
        assert_eq!(optional.find(block.id()).as_ref(), first);
        typed(block);
    }
    if slow.blocks.iter().all(|block| block.canonical) {
        let written = written(block.header(), &blocks, profile);
        let optional = 16..16 + slow.len;
        assert_eq!(written.as_deref().map(|text| &text[optional.clone()]), Ok(&whole[optional]));
    }
}

/// The contents are read where a slow reading of them is content, and come back.
fn typed(block: &OptionalBlock<'_>) {
    let id = block.id();
    let standard = holds(core::str::from_utf8(&id).unwrap(), block.as_str());
    match block.contents() {
        Ok(contents) => {
            assert!(standard, "{block:?}");
            let shown = contents.to_string();
            assert!(!shown.is_empty() && !shown.contains('\n'), "{shown}");
            assert!(!format!("{contents:?}{block:?}").contains('\n'));
            assert_eq!((contents.id(), contents.data_len()), (id, block.data().len()));
            let mut buffer = vec![0; block.data().len()];
            assert_eq!(contents.encode_into(&mut buffer), Ok(*block));
        }
        Err(Error::Contents { id: of, fault, offset }) => {
            assert!(!standard, "{block:?}: {fault:?}");
            assert!(of == id && usize::from(offset) <= block.data().len());
            assert_ne!(fault, ContentsFault::Algorithm, "there is no key yet");
        }
        Err(error) => panic!("{error:?}"),
    }
}

/// The same optional blocks around a key of ones.
fn written(
    header: Header,
    blocks: &[OptionalBlock<'_>],
    profile: Profile,
) -> Result<Vec<u8>, Error> {
    let wrap = Wrap::new(header, profile).optional_blocks(blocks);
    let key = &[1; 16][..if header.algorithm == Algorithm::Des { 8 } else { 16 }];
    let pad = vec![0; wrap.pad_len(key.len())?];
    let mut out = vec![0; wrap.encoded_len(key.len())?];
    if header.version.is_aes() {
        wrap.wrap_key_with_pad(&AesKbpk::new(&[2; 32])?, key, &pad, &mut out)?;
    } else {
        wrap.wrap_key_with_pad(&TdesKbpk::new(&[2; 24])?, key, &pad, &mut out)?;
    }
    Ok(out)
}

/// Contents made of anything are refused, or read back as they are.
fn built(mut choices: Choices<'_>) {
    let method = choices.one_of(&[CheckMethod::Legacy, CheckMethod::Cmac]);
    let time = UtcTime {
        year: choices.u16() % 12_000,
        month: choices.u8() % 16,
        day: choices.u8() % 36,
        hour: choices.u8() % 28,
        minute: choices.u8() % 70,
        second: choices.u8() % 70,
        hundredths: Some(choices.u8()).filter(|hundredths| *hundredths < 120),
        separated: choices.u8() & 1 == 1,
    };
    let format = choices.one_of(&[CertificateFormat::X509, CertificateFormat::Emv]);
    let text = core::str::from_utf8(choices.bytes()).unwrap_or("U0VDUkVU");
    assert_all_told(time.year);
    let certificate = Certificate { format, base64: text };
    let key = Derivation {
        usage: KeyUsage::Proprietary(choices.array()),
        algorithm: Algorithm::Proprietary(choices.u8()),
        mode: ModeOfUse::Proprietary(choices.u8()),
        exportability: Exportability::Proprietary(choices.u8()),
    };
    let number = choices.u8();
    let value = HeaderCheckValue::new(method, choices.take(usize::from(number % 8)));
    let chain = vec![certificate; usize::from(number / 8 % 4)];
    let keys = vec![key; usize::from(number / 32 % 4)];
    let mut all = vec![
        Contents::Created(time),
        Contents::TimeStamp(time),
        Contents::Certificate(certificate),
        Contents::CertificateChain(CertificateChain::new(&chain)),
        Contents::DerivationsAllowed(DerivationsAllowed::new(&keys)),
        Contents::Label(text),
        Contents::KeyLife([KeyLife::Ephemeral, KeyLife::Static][usize::from(time.month % 2)]),
        Contents::Flags(text),
        Contents::KeyBlockValues(choices.array()),
        Contents::InitialKeyId(choices.array()),
    ];
    all.extend(value.ok().map(Contents::KeyCheckValue));
    for contents in all {
        let mut buffer = vec![0; contents.data_len()];
        match contents.encode_into(&mut buffer) {
            Ok(block) => assert_eq!(block.contents(), Ok(contents)),
            Err(Error::Contents { id, .. }) => assert_eq!(id, contents.id()),
            Err(error) => assert!(matches!(error, Error::OptionalBlock { .. }), "{error:?}"),
        }
    }
}
