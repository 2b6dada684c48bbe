//! Published and own blocks as keys of their usages: what DUKPT would take, and what goes on in another block.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use getrandom::SysRng;
use hex_literal::hex;
use keyblock::key::{
    AesInitialKey, CvvGenerationKey, HeldKbpk, MacGenerationKey, MacVerificationKey,
    PinDecryptionKey, PinEncryptionKey, TdesBdk, TdesInitialKey, usage,
};
use keyblock::{
    AesKbpk, Algorithm, Error, Exportability, Header, KeyBlock, KeyContext, KeyUsage, KeyVersion,
    ModeOfUse, OptionalBlock, Profile, ProtectionKey, Rule, TdesKbpk, UnwrappedKey, Version, Wrap,
};
use serde_json::Value;

/// The block of the vectors with this id, opened.
fn open<T>(id: &str, then: impl Fn(&UnwrappedKey<'_>) -> T) -> T {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");
    let read = |file: std::io::Result<std::fs::DirEntry>| -> Value {
        serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap()
    };
    let files: Vec<Value> = std::fs::read_dir(folder).unwrap().map(read).collect();
    let mut cases = files.iter().filter_map(|file| file["cases"].as_array()).flatten();
    let case = cases.find(|case| case["id"] == id).unwrap();
    let key = case["kbpk"].as_str().unwrap();
    let key: Vec<u8> = (0..key.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&key[at..at + 2], 16).unwrap())
        .collect();
    let block =
        KeyBlock::parse(case["block"].as_str().unwrap().as_bytes(), Profile::LENIENT).unwrap();
    let kbpk: Box<dyn ProtectionKey> = if block.header().version.is_aes() {
        Box::new(AesKbpk::new(&key).unwrap())
    } else {
        Box::new(TdesKbpk::new(&key).unwrap())
    };
    let mut buffer = [0; 5_000];
    then(&block.unwrap_key(&*kbpk, &mut buffer).unwrap())
}

#[test]
fn initial_keys_come_with_what_dukpt_needs() {
    // TDES: the initial key of the published BDK 0123456789ABCDEFFEDCBA9876543210 and of this serial number.
    open("tr31_unwrap-s-014", |unwrapped| {
        let key: TdesInitialKey = unwrapped.to_key().unwrap();
        assert_eq!(key.id().to_bytes(), hex!("FFFF9876543210E0"));
        assert_eq!(key.expose_array(), Some(&hex!("6AC292FAA1315B4D858AB3A3D7D5933A")));
        assert_eq!(key.algorithm(), Algorithm::Tdes);
        let other = unwrapped.to_key::<AesInitialKey>();
        assert_eq!(other.err(), Some(Error::AlgorithmMismatch));
        assert_eq!(unwrapped.to_key::<TdesBdk>().err(), Some(Error::UsageMismatch));
        // N: it stays here.
        let export = unwrapped.export(Version::D, Profile::X9_143);
        assert_eq!(export.err(), Some(Error::NotExportable));
    });
    open("tr31_unwrap-s-018", |unwrapped| {
        let key: AesInitialKey = unwrapped.to_key().unwrap();
        assert_eq!(key.id().to_bytes(), hex!("1234567890123456"));
        assert_eq!(key.expose_array(), Some(&hex!("000102030405060708090A0B0C0D0E0F")));
        assert_eq!(key.algorithm(), Algorithm::Aes);
    });
}

#[test]
fn published_blocks_turn_into_their_types() {
    // M3, TDES, mode C.
    open("tr31_unwrap-s-006", |unwrapped| {
        assert!(unwrapped.to_key::<MacGenerationKey<usage::MacAlgorithm3>>().is_ok());
        assert!(unwrapped.to_key::<MacVerificationKey<usage::MacAlgorithm3>>().is_ok());
        let other = unwrapped.to_key::<MacGenerationKey<usage::MacAlgorithm1>>();
        assert_eq!(other.err(), Some(Error::UsageMismatch));
    });
    // C0, TDES, mode G, sensitive.
    open("tr31_unwrap-s-008", |unwrapped| {
        let key: CvvGenerationKey = unwrapped.to_key().unwrap();
        assert_eq!(unwrapped.expose_for_legacy_export().unwrap(), key.expose_bytes());
    });
    // P0, AES, mode E, key version 16.
    open("tr31_unwrap-s-013", |unwrapped| {
        let key: PinEncryptionKey = unwrapped.to_key().unwrap();
        assert!(key.cipher::<aes::Aes128>().is_ok());
        assert_eq!(unwrapped.to_key::<PinDecryptionKey>().err(), Some(Error::ModeMismatch));
        assert_eq!(unwrapped.expose_for_legacy_export(), Err(Error::NotExportable));
    });
    // B0 with mode V, which no base derivation key has.
    open("tr31_unwrap-s-015", |unwrapped| {
        assert_eq!(unwrapped.to_key::<TdesBdk>().err(), Some(Error::ModeMismatch));
    });
    // M7 with the block HM.
    open("tr31_unwrap-s-022", |unwrapped| {
        let key: MacGenerationKey<usage::Hmac> = unwrapped.to_key().unwrap();
        assert_eq!(key.hash().code(), 0x21);
        assert!(key.mac::<hmac::Hmac<sha2::Sha256>>().is_ok());
    });
}

const LIMITS: [(&[u8; 2], &str); 3] =
    [(b"KS", "FFFF9876543210E00000"), (b"10", "own"), (b"LB", "old")];
const OF_THE_OLD_BLOCK: [(&[u8; 2], &str); 3] =
    [(b"KP", "00112233"), (b"TS", "20261122103000Z"), (b"PK", "00445566")];

fn blocks<'a>(listed: &[(&[u8; 2], &'a str)]) -> Vec<OptionalBlock<'a>> {
    listed.iter().map(|(id, text)| OptionalBlock::new(**id, text.as_bytes()).unwrap()).collect()
}

/// Wraps a key with these optional blocks, and opens it.
fn opened<T>(
    header: Header,
    optional: &[OptionalBlock<'_>],
    then: impl Fn(&UnwrappedKey<'_>) -> T,
) -> T {
    let kbpk = AesKbpk::new(&[0x42; 32]).unwrap();
    let mut text = [0; 1_024];
    let wrap = Wrap::new(header, Profile::LENIENT).optional_blocks(optional);
    let text = wrap.wrap_key(&kbpk, &KEY, &mut SysRng, &mut text).unwrap();
    let mut buffer = [0; 64];
    let block = KeyBlock::parse(text, Profile::LENIENT).unwrap();
    then(&block.unwrap_key(&kbpk, &mut buffer).unwrap())
}

const KEY: [u8; 16] = hex!("6BC292FAA1315B4D858AB3A3D7D5933B");

fn header() -> Header {
    Header {
        key_version: KeyVersion::Numbered(*b"16"),
        context: KeyContext::Storage,
        ..Header::new(
            Version::D,
            KeyUsage::PinEncryption,
            Algorithm::Tdes,
            ModeOfUse::EncryptAndDecrypt,
            Exportability::Sensitive,
        )
    }
}

#[test]
fn an_export_keeps_the_header_and_what_is_true_of_the_key() {
    let listed = blocks(&[LIMITS.as_slice(), OF_THE_OLD_BLOCK.as_slice()].concat());
    opened(header(), &listed, |unwrapped| {
        for &version in Version::ALL {
            let kbpk: Box<dyn ProtectionKey> = if version.is_aes() {
                Box::new(AesKbpk::new(&[0x43; 16]).unwrap())
            } else {
                Box::new(TdesKbpk::new(&hex!("0123456789ABCDEFFEDCBA9876543210")).unwrap())
            };
            let export = unwrapped.export(version, Profile::LENIENT).unwrap();
            assert_eq!(export.header(), Header { version, ..header() });
            let shown = format!("{export:?}");
            assert!(shown.contains("LB (3 characters)") && !shown.contains("old"), "{shown}");
            assert!(!shown.contains("111, 108, 100"), "{shown}");
            let mut text = [0; 1_024];
            let text = export.wrap_key(&*kbpk, &mut SysRng, &mut text).unwrap();
            assert_eq!(text.len(), export.encoded_len().unwrap());
            let block = KeyBlock::parse(text, Profile::LENIENT).unwrap();
            assert_eq!(block.header(), Header { version, ..header() });
            let kept: Vec<_> =
                block.optional_blocks().into_iter().filter(|block| block.id() != *b"PB").collect();
            assert_eq!(kept, blocks(&LIMITS));
            let mut buffer = [0; 64];
            let again = block.unwrap_key(&*kbpk, &mut buffer).unwrap();
            assert_eq!(again.expose_bytes(), KEY);
        }
    });
}

#[test]
fn what_is_named_replaces_what_was_there() {
    let listed = blocks(&LIMITS);
    opened(header(), &listed, |unwrapped| {
        let named =
            [(b"LB", "new"), (b"KP", "00778899"), (b"TS", "20271122103000Z"), (b"11", "theirs")];
        let named = blocks(&named);
        let export = unwrapped.export(Version::D, Profile::LENIENT).unwrap();
        let export = export.optional_blocks(&named).unwrap().context(KeyContext::Exchange);
        let export = export.narrow_mode(ModeOfUse::DecryptOnly).unwrap();
        let export = export.narrow_exportability(Exportability::Exportable).unwrap();
        let mut text = [0; 1_024];
        let kbpk = AesKbpk::new(&[0x43; 16]).unwrap();
        let text = export.wrap_key(&kbpk, &mut SysRng, &mut text).unwrap();
        let block = KeyBlock::parse(text, Profile::LENIENT).unwrap();
        let expected = Header {
            mode: ModeOfUse::DecryptOnly,
            exportability: Exportability::Exportable,
            context: KeyContext::Exchange,
            ..header()
        };
        assert_eq!(block.header(), expected);
        let ids: Vec<_> = block.optional_blocks().into_iter().map(|block| block.id()).collect();
        assert_eq!(ids, [*b"KS", *b"10", *b"LB", *b"KP", *b"TS", *b"11", *b"PB"]);
        assert_eq!(block.optional_blocks().find(*b"LB").unwrap().as_str(), "new");

        for id in [b"KS", b"IK", b"BI", b"DA", b"HM", b"CT", b"AL", b"TC", b"FL", b"PB", b"10"] {
            let named = blocks(&[(id, "00")]);
            let refused = unwrapped.export(Version::D, Profile::LENIENT).unwrap();
            assert_eq!(refused.optional_blocks(&named).err(), Some(Error::ExportWidens));
        }
    });
}

#[test]
fn an_export_never_widens() {
    let listed = blocks(&LIMITS);
    opened(header(), &listed, |unwrapped| {
        let export = unwrapped.export(Version::D, Profile::LENIENT).unwrap();
        for &mode in ModeOfUse::STANDARD {
            let narrower = "BDE".contains(char::from(mode.code()));
            assert_eq!(export.narrow_mode(mode).is_ok(), narrower, "{mode}");
        }
        // What was given up does not come back.
        let export = export.narrow_mode(ModeOfUse::EncryptOnly).unwrap();
        let back = export.narrow_mode(ModeOfUse::EncryptAndDecrypt);
        assert_eq!(back.err(), Some(Error::ExportWidens));
        let export = export.narrow_exportability(Exportability::NonExportable).unwrap();
        let back = export.narrow_exportability(Exportability::Exportable);
        assert_eq!(back.err(), Some(Error::ExportWidens));
    });
}

#[test]
fn exportability_decides() {
    for code in *b"ENS17" {
        let exportability = Exportability::from_code(code).unwrap();
        opened(Header { exportability, ..header() }, &[], |unwrapped| {
            let export = unwrapped.export(Version::D, Profile::LENIENT);
            let allowed = matches!(code, b'E' | b'S');
            assert_eq!(export.err(), (!allowed).then_some(Error::NotExportable));
            for named in *b"ENS17" {
                let export = unwrapped.export_proprietary(named, Version::D, Profile::LENIENT);
                let allowed = named == code && code.is_ascii_digit();
                assert_eq!(export.err(), (!allowed).then_some(Error::NotExportable));
            }
        });
    }
}

#[test]
fn a_profile_applies_to_the_new_block() {
    opened(header(), &[], |unwrapped| {
        let mut text = [0; 1_024];
        let export = unwrapped.export(Version::A, Profile::X9_143).unwrap();
        let kbpk = TdesKbpk::new(&hex!("0123456789ABCDEFFEDCBA9876543210")).unwrap();
        let refused = export.wrap_key(&kbpk, &mut SysRng, &mut text);
        assert_eq!(refused, Err(Error::Rule { rule: Rule::NoVersionA, offset: 0 }));
        // A protection key that came in a block and only unwraps.
        let header = Header {
            usage: KeyUsage::KeyBlockProtection,
            mode: ModeOfUse::DecryptOnly,
            ..header()
        };
        opened(header, &[], |above| {
            let held: HeldKbpk<TdesKbpk> = above.to_key().unwrap();
            let export = unwrapped.export(Version::B, Profile::X9_143).unwrap();
            let mut text = [0; 1_024];
            let refused = export.wrap_key(&held, &mut SysRng, &mut text);
            assert_eq!(refused, Err(Error::ModeMismatch));
        });
    });
}
