//! What is refused, by which rule, and that nothing of a key is left behind where something is.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use keyblock::rand_core::{TryCryptoRng, TryRng};
use keyblock::{
    AesKbpk, Algorithm, Error, Exportability, ExtendedLengths, Header, HeaderField, KeyBlock,
    KeyUsage, KeyVersion, ModeOfUse, OptionalBlock, Profile, ProtectionKey, Rule, TdesKbpk,
    Version, Wrap,
};

/// Three different parts of odd parity.
const KEY: [u8; 24] = [
    0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10,
    0x13, 0x25, 0x46, 0x68, 0x8A, 0xAB, 0xCE, 0xEF,
];

fn header(version: Version, algorithm: Algorithm) -> Header {
    Header::new(
        version,
        KeyUsage::KeyEncryption,
        algorithm,
        ModeOfUse::Unrestricted,
        Exportability::Exportable,
    )
}

fn protection_key(version: Version) -> Box<dyn ProtectionKey> {
    if version.is_aes() {
        Box::new(AesKbpk::new(&[0x42; 32]).unwrap())
    } else {
        Box::new(TdesKbpk::new(&KEY).unwrap())
    }
}

/// Zeros, for as many calls as it may have.
struct Rng {
    calls: usize,
}

#[derive(Debug)]
struct Failed;

impl core::fmt::Display for Failed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("failed")
    }
}

impl core::error::Error for Failed {}

impl TryRng for Rng {
    type Error = Failed;

    fn try_next_u32(&mut self) -> Result<u32, Failed> {
        Err(Failed)
    }

    fn try_next_u64(&mut self) -> Result<u64, Failed> {
        Err(Failed)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Failed> {
        self.calls = self.calls.checked_sub(1).ok_or(Failed)?;
        bytes.fill(0);
        Ok(())
    }
}

impl TryCryptoRng for Rng {}

/// A security module that deciphers and enciphers nothing, and fails.
struct Broken {
    aes: bool,
    error: Option<Error>,
}

impl ProtectionKey for Broken {
    fn is_aes(&self) -> bool {
        self.aes
    }

    fn strength(&self) -> u16 {
        256
    }

    fn open(&self, _: Version, _: &[u8], data: &mut [u8], _: &[u8]) -> Result<(), Error> {
        data.fill(0x5A);
        self.error.map_or(Ok(()), Err)
    }

    fn seal(&self, _: Version, _: &[u8], _: &mut [u8], mac: &mut [u8]) -> Result<(), Error> {
        mac.fill(0x5A);
        self.error.map_or(Ok(()), Err)
    }
}

/// Wraps under a version with fill of zeros.
fn wrapped(wrap: &Wrap<'_>, kbpk: &dyn ProtectionKey, key: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = [0; 9_999];
    wrap.wrap_key(kbpk, key, &mut Rng { calls: 2 }, &mut out).map(<[u8]>::to_vec)
}

fn opened(text: &[u8], kbpk: &dyn ProtectionKey, profile: Profile) -> Result<(), Error> {
    let mut buffer = [0; 5_000];
    KeyBlock::parse(text, profile)?.unwrap_key(kbpk, &mut buffer).map(|_| ())
}

#[test]
fn a_header_that_would_not_read_back_is_not_written() {
    let good = header(Version::B, Algorithm::Tdes);
    let kbpk = protection_key(Version::B);
    let cases = [
        (HeaderField::Usage, Header { usage: KeyUsage::Proprietary(*b"p0"), ..good }),
        (HeaderField::Usage, Header { usage: KeyUsage::Proprietary(*b"K0"), ..good }),
        (HeaderField::Algorithm, Header { algorithm: Algorithm::Proprietary(b't'), ..good }),
        (HeaderField::Algorithm, Header { algorithm: Algorithm::Proprietary(b'T'), ..good }),
        (HeaderField::Mode, Header { mode: ModeOfUse::Proprietary(0xFF), ..good }),
        (HeaderField::Mode, Header { mode: ModeOfUse::Proprietary(b'N'), ..good }),
        (HeaderField::KeyVersion, Header { key_version: KeyVersion::Component(b'a'), ..good }),
        (HeaderField::KeyVersion, Header { key_version: KeyVersion::Numbered(*b"c1"), ..good }),
        (HeaderField::KeyVersion, Header { key_version: KeyVersion::Numbered(*b"00"), ..good }),
        (
            HeaderField::Exportability,
            Header { exportability: Exportability::Proprietary(b' '), ..good },
        ),
        (
            HeaderField::Exportability,
            Header { exportability: Exportability::Proprietary(b'S'), ..good },
        ),
    ];
    for (field, header) in cases {
        let wrap = Wrap::new(header, Profile::LENIENT);
        assert_eq!(wrapped(&wrap, &*kbpk, &KEY), Err(Error::Header(field)), "{header:?}");
    }
    let proprietary = Header {
        usage: KeyUsage::Proprietary(*b"10"),
        algorithm: Algorithm::Proprietary(b'7'),
        mode: ModeOfUse::Proprietary(b'8'),
        key_version: KeyVersion::Numbered(*b"09"),
        exportability: Exportability::Proprietary(b'1'),
        ..good
    };
    let text = wrapped(&Wrap::new(proprietary, Profile::X9_143), &*kbpk, &KEY).unwrap();
    assert_eq!(KeyBlock::parse(&text, Profile::X9_143).unwrap().header(), proprietary);
}

/// A rule, and a key with optional blocks that breaks it alone.
type Case<'a> = (Rule, Version, Algorithm, &'a [u8], &'a [OptionalBlock<'a>]);

#[test]
fn each_leniency_lets_pass_what_only_it_does() {
    let every = Profile::X9_143.with(Rule::OddParity);
    let mut degenerate = KEY;
    degenerate.copy_within(8..16, 16);
    let mut even = KEY;
    even[0] ^= 1;
    let block =
        |id: &[u8; 2], data: &'static str| OptionalBlock::new(*id, data.as_bytes()).unwrap();
    let long = Box::leak("x".repeat(300).into_boxed_str());
    let cases: [Case<'_>; 12] = [
        (Rule::NoVersionA, Version::A, Algorithm::Tdes, &KEY, &[]),
        (Rule::NoVersionC, Version::C, Algorithm::Tdes, &KEY, &[]),
        (Rule::StrongKbpk, Version::B, Algorithm::Aes, &[7; 16], &[]),
        (Rule::HiddenKeyLength, Version::B, Algorithm::Tdes, &KEY[..16], &[]),
        (Rule::NoSingleLengthKey, Version::B, Algorithm::Tdes, &KEY[..8], &[]),
        (Rule::NoDegenerateKey, Version::B, Algorithm::Tdes, &degenerate, &[]),
        (Rule::OddParity, Version::B, Algorithm::Tdes, &even, &[]),
        (
            Rule::UniqueOptionalBlocks,
            Version::B,
            Algorithm::Tdes,
            &KEY,
            &[block(b"LB", "1234"), block(b"LB", "5678")],
        ),
        (
            Rule::PaddingLast,
            Version::B,
            Algorithm::Tdes,
            &KEY,
            &[block(b"PB", "0000"), block(b"LB", "1234")],
        ),
        (
            Rule::OptionalBlockContents,
            Version::B,
            Algorithm::Tdes,
            &KEY,
            &[block(b"IK", "0123456789ABCDEF")],
        ),
        (Rule::HexKeySet, Version::B, Algorithm::Tdes, &KEY, &[block(b"KP", "KEY NAME")]),
        (Rule::LengthInCharacters, Version::B, Algorithm::Tdes, &KEY, &[block(b"LB", long)]),
    ];
    for (rule, version, algorithm, key, blocks) in cases {
        let kbpk = protection_key(version);
        let lengths = match rule {
            Rule::LengthInCharacters => ExtendedLengths::InBytes,
            _ => ExtendedLengths::InCharacters,
        };
        let wrap = |profile| {
            let wrap = Wrap::new(header(version, algorithm), profile).optional_blocks(blocks);
            wrap.extended_lengths(lengths)
        };
        let text = wrapped(&wrap(every.without(rule)), &*kbpk, key)
            .unwrap_or_else(|error| panic!("{rule:?}: {error}"));
        assert_eq!(opened(&text, &*kbpk, every.without(rule)), Ok(()), "{rule:?}");
        match rule {
            // These are for who wraps.
            Rule::NoVersionA | Rule::NoVersionC => {
                assert_eq!(opened(&text, &*kbpk, every), Ok(()));
                assert_eq!(wrapped(&wrap(every), &*kbpk, key).unwrap_err().rule(), Some(rule));
            }
            // Who wraps fills up; who gives too little fill is told.
            Rule::HiddenKeyLength => {
                assert_eq!(opened(&text, &*kbpk, every).unwrap_err().rule(), Some(rule));
                let mut out = [0; 200];
                let short = wrap(every).wrap_key_with_pad(&*kbpk, key, &[0; 6], &mut out);
                assert_eq!(short, Err(Error::PadLength));
            }
            _ => {
                assert_eq!(opened(&text, &*kbpk, every).unwrap_err().rule(), Some(rule));
                assert_eq!(wrapped(&wrap(every), &*kbpk, key).unwrap_err().rule(), Some(rule));
            }
        }
    }
    assert_eq!(cases.len(), Rule::ALL.len());
}

/// Whether some four bytes of the key are among these, as they are or as hex digits.
fn shows(bytes: &[u8], key: &[u8]) -> bool {
    key.windows(4).any(|part| {
        let digits: String = part.iter().map(|byte| format!("{byte:02X}")).collect();
        bytes.windows(4).any(|place| place == part)
            || bytes.windows(8).any(|place| place == digits.as_bytes())
    })
}

#[test]
fn nothing_of_a_key_is_left_by_a_refused_wrap() {
    let blocks = [OptionalBlock::new(*b"LB", b"1").unwrap()];
    for version in [Version::A, Version::B, Version::C, Version::D, Version::E] {
        let wrap = Wrap::new(header(version, Algorithm::Tdes), Profile::LENIENT);
        let wrap = wrap.optional_blocks(&blocks);
        let len = wrap.encoded_len(24).unwrap();
        let good = protection_key(version);
        let broken = Broken { aes: version.is_aes(), error: Some(Error::Rng) };
        // PB takes the generator's first call, the fill its second, version E none.
        let attempts: [(&dyn ProtectionKey, usize, usize); 4] =
            [(&*good, 0, len), (&*good, 1, len), (&broken, 2, len), (&*good, 2, len - 1)];
        for (at, (kbpk, calls, room)) in attempts.into_iter().enumerate() {
            let mut out = vec![0xA5; room + 8];
            let result = wrap.wrap_key(kbpk, &KEY, &mut Rng { calls }, &mut out[..room]);
            assert!(result.is_err(), "{version} {at}");
            assert!(!shows(&out, &KEY), "{version} {at}");
            let expected = if room < len { 0xA5 } else { 0 };
            assert!(out[..room].iter().all(|&byte| byte == expected), "{version} {at}");
            assert!(out[room..].iter().all(|&byte| byte == 0xA5), "{version} {at}");
        }
    }
}

#[test]
fn nothing_of_a_key_is_left_by_a_refused_unwrap() {
    for version in [Version::A, Version::B, Version::C, Version::D, Version::E] {
        let kbpk = protection_key(version);
        let key = [KEY; 2].concat();
        let text = |algorithm, key: &[u8], len| {
            let wrap = Wrap::new(header(version, algorithm), Profile::LENIENT);
            let text = wrapped(&wrap.room_for(len), &*kbpk, key).unwrap();
            assert_eq!(opened(&text, &*kbpk, Profile::LENIENT), Ok(()));
            text
        };
        let good = text(Algorithm::Tdes, &KEY, 24);
        let mut changed = good.clone();
        let last = changed.last_mut().unwrap();
        *last = if *last == b'0' { b'1' } else { b'0' };
        let twice = text(Algorithm::Tdes, &[&KEY[..8], &KEY[..8]].concat(), 16);
        let hmac = text(Algorithm::Hmac, &key, 48);
        let broken = |error| Broken { aes: version.is_aes(), error };
        let attempts: [(&[u8], &dyn ProtectionKey, Profile, Error); 4] = [
            (&changed, &*kbpk, Profile::LENIENT, Error::MacMismatch),
            (&good, &broken(Some(Error::Rng)), Profile::LENIENT, Error::Rng),
            // 0x5A5A bits are no whole bytes.
            (&good, &broken(None), Profile::LENIENT, Error::KeyLengthField),
            (
                &twice,
                &*kbpk,
                Profile::LENIENT.with(Rule::NoDegenerateKey),
                Error::Rule { rule: Rule::NoDegenerateKey, offset: 16 },
            ),
        ];
        for (text, kbpk, profile, error) in attempts {
            let block = KeyBlock::parse(text, profile).unwrap();
            let len = block.enciphered_len();
            let mut buffer = vec![0xA5; len + 8];
            assert_eq!(block.unwrap_key(kbpk, &mut buffer).map(|_| ()), Err(error), "{version}");
            assert_eq!(buffer[..len], vec![0; len], "{version} {error}");
            assert_eq!(buffer[len..], [0xA5; 8], "{version} {error}");
            let mut small = vec![0xA5; len - 1];
            let needed = u16::try_from(len).unwrap();
            let refused = block.unwrap_key(kbpk, &mut small).map(|_| ());
            assert_eq!(refused, Err(Error::BufferTooSmall { needed }));
            assert_eq!(small, vec![0xA5; len - 1]);
        }
        // Nor where it was taken out and given up.
        let block = KeyBlock::parse(&hmac, Profile::LENIENT).unwrap();
        let mut buffer = vec![0; block.enciphered_len()];
        let unwrapped = block.unwrap_key(&*kbpk, &mut buffer).unwrap();
        assert_eq!(unwrapped.expose_bytes(), key);
        drop(unwrapped);
        assert!(buffer.iter().all(|&byte| byte == 0), "{version}");
    }
}

#[test]
fn every_truncation_and_every_changed_character_is_refused() {
    let blocks = [
        OptionalBlock::new(*b"KS", b"FFFF9876543210E00000").unwrap(),
        OptionalBlock::new(*b"LB", &[b'x'; 260]).unwrap(),
    ];
    for version in [Version::A, Version::B, Version::C, Version::D, Version::E] {
        let kbpk = protection_key(version);
        let wrap = Wrap::new(header(version, Algorithm::Tdes), Profile::LENIENT);
        let text = wrapped(&wrap.optional_blocks(&blocks), &*kbpk, &KEY).unwrap();
        assert_eq!(opened(&text, &*kbpk, Profile::LENIENT), Ok(()));
        for len in 0..text.len() {
            assert!(opened(&text[..len], &*kbpk, Profile::LENIENT).is_err(), "{version} {len}");
        }
        for at in 0..text.len() {
            // Another bit, another case, a digit more, and no ASCII.
            for change in [1, 0x20, 0x80] {
                let mut text = text.clone();
                text[at] ^= change;
                assert!(opened(&text, &*kbpk, Profile::LENIENT).is_err(), "{version} {at}");
            }
        }
    }
}

#[test]
fn a_refusal_says_which_rule_and_where() {
    let kbpk = AesKbpk::new(&[0x42; 16]).unwrap();
    let text = wrapped(
        &Wrap::new(header(Version::B, Algorithm::Tdes), Profile::X9_143),
        &*protection_key(Version::B),
        &KEY,
    )
    .unwrap();
    let told = |text: &[u8]| opened(text, &kbpk, Profile::X9_143).unwrap_err().to_string();
    assert_eq!(told(&text), "the kbpk is aes, but version b wants tdes");
    let mut long = text.clone();
    long.extend([b'0'; 16]);
    assert_eq!(told(&long), "the length field at offset 1 says 96, the block has 112 characters");
    assert_eq!(told(&vec![b'0'; 70_000]), "the version at offset 0 has no such value");
}
