//! Blocks from anywhere are opened or refused, and leave nothing behind.

use keyblock::{Error, Header, KeyBlock, Profile, Rule};

use super::{choices, slow};
use crate::choices::Choices;

/// Any text under any protection key and profile opens or is refused, the same with kept keys; a buffer that is too small is
/// refused, and where there is an error it holds nothing. An authentic block with any clear data opens exactly if the length in them is one that the
/// algorithm and the profile allow, and gives the key that stands there.
///
/// Choices: `u8` whether the text is given (even) or made of clear data (odd), a header, a profile, a protection key, then the text or the clear data.
pub fn keyblock_unwrap(data: &[u8]) {
    let mut choices = Choices::new(data);
    let given = choices.u8().is_multiple_of(2);
    let header = choices::header(&mut choices);
    let profile = choices::profile(&mut choices);
    let kbpk = choices::kbpk(&mut choices, header.version);
    if given {
        let text = choices.rest();
        let opened = open(text, header, &kbpk, profile, text.len());
        // The rules take nothing in.
        if opened.is_ok() {
            assert_eq!(open(text, header, &kbpk, Profile::LENIENT, text.len()), opened);
        }
        return;
    }
    let mut clear = choices.rest().to_vec();
    clear.resize(slow::data_len(header, clear.len().max(3) - 2, 0, false), 0);
    let text = slow::block(header, &[], false, &kbpk, &clear).unwrap();
    let text = text.as_bytes();
    let bits = usize::from(u16::from_be_bytes([clear[0], clear[1]]));
    let key = clear.get(2..2 + bits / 8).filter(|key| bits % 8 == 0 && !key.is_empty());
    let key = key.filter(|key| !slow::has_wrong_length(header.algorithm, key.len()));
    let hidden = profile.has(Rule::HiddenKeyLength);
    let shows = clear.len() < slow::data_len(header, 1, 0, hidden);
    let expected = key.filter(|key| {
        !shows && !slow::breaks_a_rule(header.algorithm, key, header.version, &kbpk, profile)
    });
    let opened = open(text, header, &kbpk, profile, clear.len());
    assert_eq!(opened.ok().as_deref(), expected, "{header:?}");
    let small = open(text, header, &kbpk, Profile::LENIENT, clear.len() - 1);
    let needed = u16::try_from(clear.len()).unwrap();
    assert_eq!(small, Err(Error::BufferTooSmall { needed }));
}

/// The key, if the block opens in a buffer of so many bytes.
fn open(
    text: &[u8],
    header: Header,
    kbpk: &[u8],
    profile: Profile,
    room: usize,
) -> Result<Vec<u8>, Error> {
    let block = KeyBlock::parse(text, profile)?;
    let found = [false, true].map(|kept| {
        let kbpk = slow::protection_key(header.version, kbpk, kept).unwrap();
        let mut buffer = vec![0xEE; room];
        let key = block.unwrap_key(&*kbpk, &mut buffer).map(|key| {
            assert_eq!(key.header(), block.header());
            key.expose_bytes().to_vec()
        });
        // Not touched, or wiped as far as it is needed.
        let touched = buffer.iter().position(|byte| *byte == 0xEE).unwrap_or(room);
        assert!(touched == 0 || touched == block.enciphered_len());
        assert!(buffer[..touched].iter().all(|byte| *byte == 0));
        assert!(buffer[touched..].iter().all(|byte| *byte == 0xEE));
        key
    });
    let [once, kept] = found;
    match (&once, &kept) {
        // Only kept keys are those of one version.
        (_, Err(Error::KeptVersion { .. })) => assert_ne!(block.header().version, header.version),
        _ => assert_eq!(once, kept),
    }
    once
}
