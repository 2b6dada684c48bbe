//! What is wrapped opens, and is what a slow twin wraps.

use core::convert::Infallible;

use keyblock::rand_core::{TryCryptoRng, TryRng};
use keyblock::{
    AesKbpk, Algorithm, Error, Exportability, ExtendedLengths, Header, HeaderField, KeyBlock,
    KeyUsage, KeyVersion, ModeOfUse, OptionalBlock, Profile, ProtectionKey, Rule, Version, Wrap,
};

use super::{choices, errors::told, slow};
use crate::choices::Choices;

/// A key wrapped with a given fill is the text of a slow twin, or is refused where the twin says so; random fill opens, and
/// wraps to the same text again; the block gives back header, optional blocks, key and fill; a buffer that is too small holds nothing; a changed
/// character never opens.
///
/// Choices: a header, a profile, a protection key, `u8` notation of extended lengths, `u8` room, `u8` optional blocks, for each `u8` id and `u16` length, `u8`
/// length of the key, `[u8; 70]` key, `u8` fill, `u16` place and `u8` value of a changed character.
pub fn keyblock_roundtrip(data: &[u8]) {
    let mut choices = Choices::new(data);
    let header = choices::header(&mut choices);
    let profile = choices::profile(&mut choices);
    let kbpk = choices::kbpk(&mut choices, header.version);
    let in_bytes = choices.u8() % 2 == 1;
    let room = usize::from(choices.u8() % 80);
    let texts: Vec<([u8; 2], Vec<u8>)> =
        (0..choices.u8() % 4).map(|_| text(&mut choices)).collect();
    let optional: Vec<_> =
        texts.iter().map(|(id, text)| OptionalBlock::new(*id, text).unwrap()).collect();
    let len = usize::from(choices.u8() % 71);
    let key = &choices.array::<70>()[..len];
    let seed = choices.u8();
    let (place, value) = (choices.u16(), choices.u8());

    let lengths = if in_bytes { ExtendedLengths::InBytes } else { ExtendedLengths::InCharacters };
    let wrap = Wrap::new(header, profile)
        .optional_blocks(&optional)
        .extended_lengths(lengths)
        .room_for(room);
    let hidden = profile.has(Rule::HiddenKeyLength);
    let pad_len = slow::data_len(header, len, room, hidden) - 2 - len;
    let pad = vec![seed; pad_len];
    let bits = u16::try_from(8 * len).unwrap().to_be_bytes();
    let clear = [&bits, key, &pad].concat();
    let refused = slow::has_wrong_length(header.algorithm, len)
        || slow::breaks_a_rule(header.algorithm, key, header.version, &kbpk, profile)
        || (header.version == Version::A && profile.has(Rule::NoVersionA))
        || (header.version == Version::C && profile.has(Rule::NoVersionC));
    let expected = slow::block(header, &optional, in_bytes, &kbpk, &clear).filter(|_| !refused);

    let mut out = vec![0xEE; 2_000];
    assert_header_checked(header, profile);
    for kept in [false, true] {
        let kbpk = slow::protection_key(header.version, &kbpk, kept).unwrap();
        let wrapped = wrap.wrap_key_with_pad(&*kbpk, key, &pad, &mut out);
        assert_eq!(wrapped.ok(), expected.as_deref().map(str::as_bytes), "{header:?} {optional:?}");
    }
    let Some(expected) = expected else { return };
    assert_eq!(wrap.encoded_len(len), Ok(expected.len()));
    assert_eq!(wrap.pad_len(len), Ok(pad_len));
    let kbpk = slow::protection_key(header.version, &kbpk, false).unwrap();
    let mut small = vec![0xEE; expected.len() - 1];
    let wrapped = wrap.wrap_key_with_pad(&*kbpk, key, &pad, &mut small);
    let needed = u16::try_from(expected.len()).unwrap();
    assert_eq!(wrapped, Err(Error::BufferTooSmall { needed }));
    assert!(small.iter().all(|byte| *byte == 0xEE));

    let text = wrap.wrap_key(&*kbpk, key, &mut Counting(seed), &mut out).unwrap();
    let found = opened(text, &*kbpk);
    let again: Vec<_> =
        KeyBlock::parse(text, Profile::LENIENT).unwrap().optional_blocks().into_iter().collect();
    assert_eq!(&again[..optional.len()], optional);
    let mut second = vec![0; text.len()];
    let rewrapped =
        wrap.optional_blocks(&again).wrap_key_with_pad(&*kbpk, key, &found.1, &mut second);
    assert_eq!(rewrapped, Ok(text));
    assert_eq!((found.0.as_slice(), found.1.len()), (key, pad_len));

    assert_spoilt(expected.as_bytes());
    let mut changed = expected.clone().into_bytes();
    let at = usize::from(place) % changed.len();
    if changed[at] != value {
        changed[at] = value;
        let mut buffer = vec![0xEE; 2_000];
        let block = KeyBlock::parse(&changed, Profile::LENIENT);
        assert!(block.and_then(|block| block.unwrap_key(&*kbpk, &mut buffer).map(|_| ())).is_err());
    }
}

/// A proprietary value that no header reads back as is never written.
fn assert_header_checked(header: Header, profile: Profile) {
    let wrong = [
        (HeaderField::Usage, Header { usage: KeyUsage::Proprietary(*b"P0"), ..header }),
        (HeaderField::Algorithm, Header { algorithm: Algorithm::Proprietary(b'!'), ..header }),
        (HeaderField::Mode, Header { mode: ModeOfUse::Proprietary(b'e'), ..header }),
        (HeaderField::KeyVersion, Header { key_version: KeyVersion::Numbered(*b"c1"), ..header }),
        (
            HeaderField::Exportability,
            Header { exportability: Exportability::Proprietary(b'S'), ..header },
        ),
    ];
    for (field, header) in wrong {
        let mut room = [0; 2_000];
        let found = Wrap::new(header, profile).wrap_key(
            &AesKbpk::new(&[1; 16]).unwrap(),
            &[2; 16],
            &mut Counting(0),
            &mut room,
        );
        assert_eq!(found, Err(Error::Header(field)));
    }
}

/// A block with letters in lower case, or one that is longer than its parts may be, is refused before it is opened.
fn assert_spoilt(text: &[u8]) {
    let refused = |text: &[u8]| told(KeyBlock::parse(text, Profile::LENIENT).unwrap_err());
    let optional = KeyBlock::parse(text, Profile::LENIENT).unwrap().optional_blocks();
    let last = text.len() - 1;
    let mac = 2 * KeyBlock::parse(text, Profile::LENIENT).unwrap().header().version.mac_len();
    let mut spoilt = text.to_vec();
    for at in [last, last - mac] {
        spoilt[at] = b'g';
        refused(&spoilt);
        spoilt[at] = text[at];
    }
    for more in [1, 2] {
        let mut longer = text.to_vec();
        longer.splice(text.len() - mac..text.len() - mac, vec![b'0'; more]);
        let length = format!("{:04}", longer.len());
        longer[1..5].copy_from_slice(length.as_bytes());
        // One that is enciphered as a stream may be of any length.
        match KeyBlock::parse(&longer, Profile::LENIENT) {
            Ok(block) => assert!(more == 2 && block.header().version == Version::E),
            Err(error) => told(error),
        }
    }
    assert_eq!(optional.is_empty(), optional.iter().next().is_none());
}

/// The key and its fill.
fn opened(text: &[u8], kbpk: &dyn ProtectionKey) -> (Vec<u8>, Vec<u8>) {
    let block = KeyBlock::parse(text, Profile::LENIENT).unwrap();
    let mut buffer = vec![0xEE; block.enciphered_len()];
    let unwrapped = block.unwrap_key(kbpk, &mut buffer).unwrap();
    assert_eq!(unwrapped.header(), block.header());
    let found = (unwrapped.expose_bytes().to_vec(), unwrapped.expose_pad().to_vec());
    drop(unwrapped);
    assert!(buffer.iter().all(|byte| *byte == 0));
    found
}

/// An id and printable text of up to 300 characters.
fn text(choices: &mut Choices<'_>) -> ([u8; 2], Vec<u8>) {
    let id = choices.one_of(&[b"LB", b"KS", b"1Z", b"PB", b"TS"]);
    let len = choices.u16() % 300;
    (*id, (0..len).map(|at| b' ' + u8::try_from(at % 95).unwrap()).collect())
}

/// A generator of bytes that count up.
struct Counting(u8);

impl TryRng for Counting {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        for byte in to {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counting {}
