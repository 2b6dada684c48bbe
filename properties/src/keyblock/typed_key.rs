//! Keys as types of what their headers allow.

use dukpt::{aes, tdes};
use keyblock::optional::BaseKeyId;
use keyblock::{
    AesKbpk, Algorithm, Error, Export, Exportability, ExtendedLengths, Header, KeptAesKeys,
    KeyBlock, KeyContext, KeyUsage, KeyVersion, ModeOfUse, OptionalBlock, Profile, TdesKbpk,
    UnwrappedKey, Version, Wrap,
    key::{
        AesBdk, AesInitialKey, CvvGenerationKey, CvvVerificationKey, DataDecryptionKey,
        DataEncryptionKey, DataKey, EmvMasterKey, HeldKbpk, KeyDerivationKey, KeyEncryptionKey,
        KeyUnwrappingKey, KeyWrappingKey, MacGenerationKey, MacVerificationKey,
        PinCheckGenerationKey, PinCheckVerificationKey, PinDecryptionKey, PinEncryptionKey, PinKey,
        TdesBdk, TdesInitialKey, usage,
    },
};

use super::used::used;
use crate::choices::{Choices, hex};

/// What a key turns into: the bytes that it has then.
type Convert = fn(&UnwrappedKey<'_>) -> Result<Option<Vec<u8>>, Error>;

macro_rules! roles {
    ($($key:ty: $usage:literal $algorithms:literal $modes:literal;)+) => {
        /// Every role, with the usage, the algorithms and the modes of use that it is for.
        const ROLES: &[(Convert, &str, &str, &str)] = &[$((
            |unwrapped| unwrapped.to_key::<$key>().map(|key| Some(key.expose_bytes().to_vec())),
            $usage, $algorithms, $modes,
        ),)+
            (|unwrapped| unwrapped.to_key::<HeldKbpk<AesKbpk>>().map(|_| None), "K1 K4", "A", "EDBN"),
            (|unwrapped| unwrapped.to_key::<HeldKbpk<TdesKbpk>>().map(|_| None), "K1", "T", "EDBN"),
        ];
    };
}

roles! {
    PinEncryptionKey: "P0" "DTA" "EBN";
    PinDecryptionKey: "P0" "DTA" "DBN";
    PinKey: "P0" "DTA" "BN";
    DataEncryptionKey: "D0" "DTA" "EBN";
    DataDecryptionKey: "D0" "DTA" "DBN";
    DataKey: "D0" "DTA" "BN";
    KeyWrappingKey: "K0" "DTA" "EBN";
    KeyUnwrappingKey: "K0" "DTA" "DBN";
    KeyEncryptionKey: "K0" "DTA" "BN";
    MacGenerationKey<usage::MacIso16609>: "M0" "T" "GCN";
    MacGenerationKey<usage::MacAlgorithm1>: "M1" "DTA" "GCN";
    MacGenerationKey<usage::MacAlgorithm2>: "M2" "DTA" "GCN";
    MacGenerationKey<usage::MacAlgorithm3>: "M3" "T" "GCN";
    MacGenerationKey<usage::MacAlgorithm4>: "M4" "DTA" "GCN";
    MacGenerationKey<usage::MacAlgorithm5Legacy>: "M5" "DTA" "GCN";
    MacGenerationKey<usage::Cmac>: "M6" "TA" "GCN";
    MacGenerationKey<usage::Hmac>: "M7" "H" "GCN";
    MacGenerationKey<usage::MacAlgorithm6>: "M8" "TA" "GCN";
    MacVerificationKey<usage::MacIso16609>: "M0" "T" "VCN";
    MacVerificationKey<usage::MacAlgorithm1>: "M1" "DTA" "VCN";
    MacVerificationKey<usage::MacAlgorithm2>: "M2" "DTA" "VCN";
    MacVerificationKey<usage::MacAlgorithm3>: "M3" "T" "VCN";
    MacVerificationKey<usage::MacAlgorithm4>: "M4" "DTA" "VCN";
    MacVerificationKey<usage::MacAlgorithm5Legacy>: "M5" "DTA" "VCN";
    MacVerificationKey<usage::Cmac>: "M6" "TA" "VCN";
    MacVerificationKey<usage::Hmac>: "M7" "H" "VCN";
    MacVerificationKey<usage::MacAlgorithm6>: "M8" "TA" "VCN";
    CvvGenerationKey: "C0" "TA" "GCN";
    CvvVerificationKey: "C0" "TA" "VCN";
    PinCheckGenerationKey<usage::PinVerification>: "V0" "TA" "GCN";
    PinCheckGenerationKey<usage::PinVerificationIbm3624>: "V1" "TA" "GCN";
    PinCheckGenerationKey<usage::PinVerificationVisaPvv>: "V2" "TA" "GCN";
    PinCheckVerificationKey<usage::PinVerification>: "V0" "TA" "VCN";
    PinCheckVerificationKey<usage::PinVerificationIbm3624>: "V1" "TA" "VCN";
    PinCheckVerificationKey<usage::PinVerificationVisaPvv>: "V2" "TA" "VCN";
    TdesBdk: "B0" "T" "XN";
    AesBdk: "B0" "A" "XN";
    TdesInitialKey: "B1" "T" "XN";
    AesInitialKey: "B1" "A" "XN";
    KeyDerivationKey: "B3" "TA" "XN";
    EmvMasterKey<usage::EmvApplicationCryptogram>: "E0" "TA" "XN";
    EmvMasterKey<usage::EmvConfidentiality>: "E1" "TA" "XN";
    EmvMasterKey<usage::EmvIntegrity>: "E2" "TA" "XN";
    EmvMasterKey<usage::EmvDataAuthenticationCode>: "E3" "TA" "XN";
    EmvMasterKey<usage::EmvDynamicNumbers>: "E4" "TA" "XN";
    EmvMasterKey<usage::EmvPersonalisation>: "E5" "TA" "XN";
    EmvMasterKey<usage::EmvOther>: "E6" "TA" "XN";
}

/// A key in a block turns into each role exactly if a table says so, and has its bytes then; a `B1` gives DUKPT the key and the id with which
/// it derives what it derives from the base key; the cipher or MAC that a key hands out is that under its bytes, and a held protection key does what
/// its usage and mode allow; an export allows nothing that its block did not.
///
/// Choices: `u8` usage, `u8` algorithm, `u8` mode, `u8` exportability, `u8` whether it is a component, `u8` version of the export, `u8` its mode,
/// `u8` its exportability, `u16` how optional blocks differ from right ones, `[u8; 10]` key serial number, `u8` length of the key, `[u8; 65]` key, `u32`
/// transaction counter as `[u8; 4]`, then up to 20 characters of a wrong optional block.
pub fn keyblock_typed_key(data: &[u8]) {
    let mut choices = Choices::new(data);
    let proprietary = [KeyUsage::Proprietary(*b"1P")];
    let usages: Vec<_> = KeyUsage::STANDARD.iter().copied().chain(proprietary).collect();
    let modes: Vec<_> =
        ModeOfUse::STANDARD.iter().copied().chain([ModeOfUse::Proprietary(b'0')]).collect();
    let exportabilities =
        [b'E', b'N', b'S', b'7'].map(|code| Exportability::from_code(code).unwrap());
    let usage = choices.one_of(&usages);
    let algorithm = choices.one_of(Algorithm::STANDARD);
    let mode = choices.one_of(&modes);
    let exportability = choices.one_of(&exportabilities);
    let component = choices.u8() > 250;
    let export = Narrowed {
        version: choices.one_of(Version::ALL),
        mode: choices.one_of(&modes),
        exportability: choices.one_of(&exportabilities),
    };
    let form = choices.u16();
    let ksn: [u8; 10] = choices.array();
    let len = usize::from(choices.u8());
    let bytes: [u8; 65] = choices.array();
    let counter = u32::from_be_bytes(choices.array());
    let wrong: String = choices.take(20).iter().map(|&byte| char::from(b' ' + byte % 95)).collect();

    let key = &bytes[..match algorithm {
        Algorithm::Des => 8,
        Algorithm::Tdes => [16, 24, 8][len % 3],
        Algorithm::Aes => [16, 24, 32][len % 3],
        _ => 1 + len % 65,
    }];
    let mut header = Header::new(Version::D, usage, algorithm, mode, exportability);
    if component {
        header.key_version = KeyVersion::Component(b'2');
    }
    let listed = optional(algorithm, form, ksn, &wrong);
    wrapped(header, &listed, key, |unwrapped| {
        let taken = |unwrapped: &UnwrappedKey<'_>| -> Vec<bool> {
            ROLES.iter().map(|role| role.0(unwrapped).is_ok()).collect()
        };
        for (convert, of_usage, algorithms, modes) in ROLES {
            let allowed = !component
                && of_usage.split(' ').any(|one| one.as_bytes() == usage.code())
                && algorithms.contains(char::from(algorithm.code()))
                && modes.contains(char::from(mode.code()))
                && context_is_right(of_usage, algorithm, &listed)
                && (!of_usage.starts_with("K1") || key.len() > 8)
                && (algorithm != Algorithm::Hmac || key.len() <= 64);
            let converted = convert(unwrapped);
            assert_eq!(converted.is_ok(), allowed, "{of_usage} {header:?} {listed:?}");
            if let Ok(Some(bytes)) = converted {
                assert_eq!(bytes, key);
            }
        }
        used(unwrapped);
        let tdes = unwrapped.to_key::<TdesInitialKey>().map(|key| key.id());
        if let Ok(id) = tdes.or_else(|_| unwrapped.to_key::<AesInitialKey>().map(|key| key.id())) {
            assert_eq!(id.to_bytes(), slow_id(algorithm, &listed).unwrap());
        }
        let tdes = unwrapped.to_key::<TdesBdk>().map(|key| key.id());
        if let Ok(id) = tdes.or_else(|_| unwrapped.to_key::<AesBdk>().map(|key| key.id())) {
            let text = listed.iter().find(|(id, _)| id == b"BI").map(|(_, text)| text.clone());
            let expected = id.map(|id| match id {
                BaseKeyId::Tdes(id) => format!("00{}", hex(&id)),
                BaseKeyId::Aes(id) => format!("01{}", hex(&id)),
            });
            assert_eq!(text, expected);
        }
        export.holds(unwrapped, &taken(unwrapped), taken);
    });
    dukpt_takes(&bytes, ksn, counter, form);
}

/// The optional blocks of a key: those that it needs, unless the form says otherwise.
fn optional(algorithm: Algorithm, form: u16, ksn: [u8; 10], wrong: &str) -> Vec<([u8; 2], String)> {
    let [a, b, c, d, e, f, g, h, ..] = ksn;
    let right = [a, b, c, d, e, f, g, h & 0xE0, 0, 0];
    let mut listed = match algorithm {
        Algorithm::Tdes if form & 7 == 1 => vec![(*b"KS", hex(&right[2..]))],
        Algorithm::Tdes if form & 7 == 2 => vec![(*b"KS", hex(&ksn))],
        Algorithm::Tdes => vec![(*b"KS", hex(&right))],
        Algorithm::Aes => vec![(*b"IK", hex(&ksn[2..]))],
        _ => vec![(*b"HM", ["21", "23", "10"][usize::from(form & 1)].to_owned())],
    };
    match form >> 3 & 7 {
        1 => listed.clear(),
        2 => listed.push(listed[0].clone()),
        3 => listed[0].1 = wrong.to_owned(),
        4 => listed.push((if algorithm == Algorithm::Tdes { *b"IK" } else { *b"KS" }, hex(&right))),
        _ => {}
    }
    match form >> 6 & 3 {
        1 => listed.push((*b"BI", format!("00{}", hex(&ksn[..5])))),
        2 => listed.push((*b"BI", format!("01{}", hex(&ksn[..4])))),
        3 => listed.push((*b"BI", wrong.to_owned())),
        _ => {}
    }
    if form >> 8 & 1 == 1 {
        listed.insert(0, (*b"LB", wrong.to_owned()));
        listed.push((*b"TS", "20261122103000Z".to_owned()));
    }
    listed
}

/// Whether the optional blocks are those that a usage needs.
fn context_is_right(usage: &str, algorithm: Algorithm, listed: &[([u8; 2], String)]) -> bool {
    match usage {
        "B1" => slow_id(algorithm, listed).is_some_and(|id| {
            let base = if algorithm == Algorithm::Aes {
                format!("01{}", hex(&id[..4]))
            } else {
                format!("00{}", hex(&id[..5]))
            };
            matches!(texts(listed, *b"BI").as_slice(), [] | [_])
                && texts(listed, *b"BI").iter().all(|text| **text == base)
        }),
        "B0" => match texts(listed, *b"BI").as_slice() {
            [] => true,
            [text] => {
                let (front, len) =
                    if algorithm == Algorithm::Aes { ("01", 10) } else { ("00", 12) };
                text.len() == len && text.starts_with(front) && is_hex(text)
            }
            _ => false,
        },
        "M7" => match texts(listed, *b"HM").as_slice() {
            [text] => {
                const HASHES: [&str; 11] =
                    ["10", "20", "21", "22", "23", "24", "25", "30", "31", "32", "33"];
                HASHES.contains(text)
            }
            _ => false,
        },
        _ => true,
    }
}

/// The id of an initial key, by text.
fn slow_id(algorithm: Algorithm, listed: &[([u8; 2], String)]) -> Option<[u8; 8]> {
    let tdes = algorithm == Algorithm::Tdes;
    let (own, other) = if tdes { (*b"KS", *b"IK") } else { (*b"IK", *b"KS") };
    let (own, other) = (texts(listed, own), texts(listed, other));
    let ([text], []) = (own.as_slice(), other.as_slice()) else { return None };
    if !is_hex(text) {
        return None;
    }
    let text = match (tdes, text.len()) {
        (true, 20) | (false, 16) => (*text).to_owned(),
        (true, 16) => format!("FFFF{text}"),
        _ => return None,
    };
    if tdes && !(text.ends_with("00000") && "02468ACE".contains(&text[14..15])) {
        return None;
    }
    Some(u64::from_str_radix(&text[..16], 16).unwrap().to_be_bytes())
}

fn texts(listed: &[([u8; 2], String)], id: [u8; 2]) -> Vec<&str> {
    listed.iter().filter(|block| block.0 == id).map(|block| block.1.as_str()).collect()
}

fn is_hex(text: &str) -> bool {
    text.chars().all(|digit| digit.is_ascii_digit() || ('A'..='F').contains(&digit))
}

fn kbpk() -> KeptAesKeys {
    AesKbpk::new(&[0x42; 32]).unwrap().keep(Version::D).unwrap()
}

/// Wraps a key and lends it unwrapped.
fn wrapped(
    header: Header,
    listed: &[([u8; 2], String)],
    key: &[u8],
    then: impl FnOnce(&UnwrappedKey<'_>),
) {
    let blocks: Vec<_> =
        listed.iter().map(|(id, text)| OptionalBlock::new(*id, text.as_bytes()).unwrap()).collect();
    let wrap = Wrap::new(header, Profile::LENIENT).optional_blocks(&blocks);
    let pad = vec![0; wrap.pad_len(key.len()).unwrap()];
    let mut text = vec![0; wrap.encoded_len(key.len()).unwrap()];
    wrap.wrap_key_with_pad(&kbpk(), key, &pad, &mut text).unwrap();
    let mut buffer = [0; 128];
    let block = KeyBlock::parse(&text, Profile::LENIENT).unwrap();
    then(&block.unwrap_key(&kbpk(), &mut buffer).unwrap());
    assert_eq!(buffer, [0; 128]);
}

/// What an export asks for.
struct Narrowed {
    version: Version,
    mode: ModeOfUse,
    exportability: Exportability,
}

impl Narrowed {
    fn holds(
        &self,
        unwrapped: &UnwrappedKey<'_>,
        before: &[bool],
        taken: impl Fn(&UnwrappedKey<'_>) -> Vec<bool>,
    ) {
        let header = unwrapped.header();
        let export = match header.exportability {
            Exportability::Proprietary(code) => {
                let refused = unwrapped.export(self.version, Profile::LENIENT);
                assert_eq!(refused.err(), Some(Error::NotExportable));
                unwrapped.export_proprietary(code, self.version, Profile::LENIENT)
            }
            _ => unwrapped.export(self.version, Profile::LENIENT),
        };
        if header.exportability == Exportability::NonExportable {
            assert_eq!(export.err(), Some(Error::NotExportable));
            return;
        }
        let export = export.unwrap();
        self.adds(export, unwrapped);
        let export = export.narrow_mode(self.mode).unwrap_or(export);
        let export = export.narrow_exportability(self.exportability).unwrap_or(export);
        let mut text = vec![0; export.encoded_len().unwrap()];
        // The fill is what a generator gives that is no good.
        let aes = AesKbpk::new(&[0x43; 16]).unwrap();
        let tdes = TdesKbpk::new(b"0123456789abcdef").unwrap();
        let mut buffer = [0; 128];
        let block = if self.version.is_aes() {
            export.wrap_key(&aes, &mut Zeros, &mut text)
        } else {
            export.wrap_key(&tdes, &mut Zeros, &mut text)
        };
        let block = KeyBlock::parse(block.unwrap(), Profile::LENIENT).unwrap();
        let again = if self.version.is_aes() {
            block.unwrap_key(&aes, &mut buffer)
        } else {
            block.unwrap_key(&tdes, &mut buffer)
        };
        let again = again.unwrap();
        assert_eq!(again.expose_bytes(), unwrapped.expose_bytes());
        let new =
            Header { mode: header.mode, exportability: header.exportability, ..again.header() };
        assert_eq!(new, Header { version: self.version, ..header });
        assert_eq!(again.header(), export.header());
        for ((after, before), role) in taken(&again).iter().zip(before).zip(ROLES) {
            assert!(before | !after, "{} {header:?} {:?}", role.1, again.header());
        }
        let rank = |exportability: Exportability| "NES".find(char::from(exportability.code()));
        let (old, new) = (header.exportability, again.header().exportability);
        assert!(new == old || rank(new) == Some(0) || rank(old).is_some() && rank(new) < rank(old));
        let own = |key: &UnwrappedKey<'_>| -> Vec<([u8; 2], Vec<u8>)> {
            let blocks = key.optional_blocks().into_iter();
            blocks
                .filter(|block| ![*b"PB", *b"TS"].contains(&block.id()))
                .map(|block| (block.id(), block.data().to_vec()))
                .collect()
        };
        assert_eq!(own(&again), own(unwrapped));
    }
}

impl Narrowed {
    /// An export says where it goes, and takes along what tells of the block, but nothing that tells of the key.
    fn adds(&self, export: Export<'_>, unwrapped: &UnwrappedKey<'_>) {
        for context in [KeyContext::Any, KeyContext::Storage, KeyContext::Exchange] {
            let header = export.context(context).header();
            assert_eq!(header, Header { context, ..export.header() });
        }
        for (id, allowed) in [(*b"LB", true), (*b"TS", true), (*b"KS", false), (*b"5X", true)] {
            let added = [OptionalBlock::new(id, b"20261122103000Z").unwrap()];
            let taken = export.extended_lengths(ExtendedLengths::InBytes).optional_blocks(&added);
            let own = unwrapped.optional_blocks().find(id).is_some();
            assert_eq!(taken.is_ok(), allowed && !(own && id == *b"5X"), "{id:?}");
            if let Ok(taken) = taken {
                assert!(taken.encoded_len().is_ok());
            }
        }
    }
}

/// A generator of zeros.
struct Zeros;

impl keyblock::rand_core::TryRng for Zeros {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(0)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.fill(0);
        Ok(())
    }
}

impl keyblock::rand_core::TryCryptoRng for Zeros {}

/// The initial key of a base key travels in a block, and derives the transaction keys of its terminal.
fn dukpt_takes(bytes: &[u8; 65], ksn: [u8; 10], counter: u32, form: u16) {
    let base = bytes[..16].try_into().unwrap();
    let header = |algorithm| {
        let (usage, mode) = (KeyUsage::InitialDukpt, ModeOfUse::Derive);
        Header::new(Version::D, usage, algorithm, mode, Exportability::NonExportable)
    };

    // Where the serial number is sent in 8 bytes, FFFF is in front of it.
    let short = form & 1 == 1;
    let [a, b, rest @ ..] = ksn;
    let front = if short { [0xFF; 2] } else { [a, b] };
    let [c, d, e, f, g, h, ..] = rest;
    let id = tdes::InitialKeyId::from_bytes([front[0], front[1], c, d, e, f, g, h]);
    let bdk = tdes::Bdk::from_bytes(base);
    let direct = bdk.initial_key(id);
    let initial_ksn = tdes::Ksn::new(id, 0).unwrap().to_bytes();
    let text = hex(&initial_ksn[if short { 2 } else { 0 }..]);
    let listed = [(*b"KS", text)];
    wrapped(header(Algorithm::Tdes), &listed, direct.expose_bytes(), |unwrapped| {
        let key: TdesInitialKey = unwrapped.to_key().unwrap();
        let taken = tdes::InitialKeyId::from_bytes(key.id().to_bytes());
        let key = tdes::InitialKey::from_bytes(key.expose_array().unwrap(), taken);
        let ksn = tdes::Ksn::new(id, counter & 0x1F_FFFF).unwrap();
        let [one, other] =
            [&key, &direct].map(|key| *key.transaction_key_lax(&ksn).unwrap().expose_bytes());
        assert_eq!(one, other);
    });

    let id = aes::InitialKeyId::from_bytes([a, b, c, d, e, f, g, h]);
    let bdk = aes::Bdk::<16>::from_bytes(base);
    let direct = bdk.initial_key(id);
    let listed = [(*b"IK", hex(&id.to_bytes()))];
    wrapped(header(Algorithm::Aes), &listed, direct.expose_bytes(), |unwrapped| {
        let key: AesInitialKey = unwrapped.to_key().unwrap();
        let taken = aes::InitialKeyId::from_bytes(key.id().to_bytes());
        let key = aes::InitialKey::<16>::from_bytes(key.expose_array().unwrap(), taken);
        let ksn = aes::Ksn::new(id, counter);
        let [one, other] =
            [&key, &direct].map(|key| *key.transaction_key_lax(&ksn).unwrap().expose_bytes());
        assert_eq!(one, other);
    });
}
