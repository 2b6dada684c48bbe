extern crate std;

use super::*;
use crate::optional::BaseKeyId;
use crate::{
    Aes128Kbpk, Aes192Kbpk, Aes256Kbpk, AesKbpk, Exportability, Header, KeptAesKeys, KeyBlock,
    KeyUsage, ModeOfUse, OptionalBlock, Profile, Tdes2Kbpk, TdesKbpk, Version, Wrap,
};
use ::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use hex_literal::hex;
use std::format;
use std::string::String;
use std::sync::LazyLock;
use std::vec::Vec;

fn header(text: &str) -> Header {
    let [u0, u1, algorithm, mode] = text.as_bytes().try_into().unwrap();
    Header::new(
        Version::D,
        KeyUsage::from_code([u0, u1]).unwrap(),
        Algorithm::from_code(algorithm).unwrap(),
        ModeOfUse::from_code(mode).unwrap(),
        Exportability::Exportable,
    )
}

static KBPK: LazyLock<KeptAesKeys> =
    LazyLock::new(|| AesKbpk::new(&[0x42; 32]).unwrap().keep(Version::D).unwrap());

/// Wraps a key, unwraps it, and gives it away.
fn unwrapped<T>(
    header: Header,
    optional: &[(&[u8; 2], &str)],
    key: &[u8],
    then: impl Fn(&UnwrappedKey<'_>) -> T,
) -> T {
    let blocks: Vec<_> = optional
        .iter()
        .map(|(id, data)| OptionalBlock::new(**id, data.as_bytes()).unwrap())
        .collect();
    let wrap = Wrap::new(header, Profile::LENIENT).optional_blocks(&blocks);
    let pad = std::vec![0; wrap.pad_len(key.len()).unwrap()];
    let mut text = [0; 1024];
    let text = wrap.wrap_key_with_pad(&*KBPK, key, &pad, &mut text).unwrap();
    let mut buffer = [0; 256];
    let block = KeyBlock::parse(text, Profile::LENIENT).unwrap();
    then(&block.unwrap_key(&*KBPK, &mut buffer).unwrap())
}

/// A key that the algorithm may have.
fn bytes(algorithm: Algorithm) -> &'static [u8] {
    const BYTES: &[u8; 48] = &hex!(
        "0123456789ABCDEFFEDCBA98765432101122334455667788"
        "99AABBCCDDEEFF00102030405060708090A0B0C0D0E0F000"
    );
    let len = match algorithm {
        Algorithm::Des => 8,
        Algorithm::Tdes => 16,
        Algorithm::Aes => 24,
        Algorithm::Hmac => 48,
        _ => 40,
    };
    &BYTES[..len]
}

type Convert = fn(&UnwrappedKey<'_>) -> Result<String, Error>;

macro_rules! roles {
    ($($key:ty: $usages:literal $algorithms:literal $modes:literal $name:literal;)+) => {
        /// Every role: the usages, algorithms and modes that it takes, and its name.
        const ROLES: &[(Convert, &str, &str, &str, &str)] = &[$((
            |unwrapped| unwrapped.to_key::<$key>().map(|key| format!("{key:?}")),
            $usages, $algorithms, $modes, $name,
        ),)+];
    };
}

// The modes that go with each usage: AWS Payment Cryptography, "Understanding key attributes", and IBM CCA, "TR-31 key block header".
roles! {
    PinEncryptionKey: "P0" "TAD" "EBN" "PinEncryptionKey";
    PinDecryptionKey: "P0" "TAD" "DBN" "PinDecryptionKey";
    PinKey: "P0" "TAD" "BN" "PinKey";
    DataEncryptionKey: "D0" "TAD" "EBN" "DataEncryptionKey";
    DataDecryptionKey: "D0" "TAD" "DBN" "DataDecryptionKey";
    DataKey: "D0" "TAD" "BN" "DataKey";
    KeyWrappingKey: "K0" "TAD" "EBN" "KeyWrappingKey";
    KeyUnwrappingKey: "K0" "TAD" "DBN" "KeyUnwrappingKey";
    KeyEncryptionKey: "K0" "TAD" "BN" "KeyEncryptionKey";
    HeldKbpk<AesKbpk>: "K1 K4" "A" "EDBN" "HeldKbpk";
    HeldKbpk<Aes192Kbpk>: "K1 K4" "A" "EDBN" "HeldKbpk";
    HeldKbpk<TdesKbpk>: "K1" "T" "EDBN" "HeldKbpk";
    HeldKbpk<Tdes2Kbpk>: "K1" "T" "EDBN" "HeldKbpk";
    MacGenerationKey<usage::MacIso16609>: "M0" "T" "GCN" "MacGenerationKey";
    MacVerificationKey<usage::MacIso16609>: "M0" "T" "VCN" "MacVerificationKey";
    MacGenerationKey<usage::MacAlgorithm1>: "M1" "TAD" "GCN" "MacGenerationKey";
    MacVerificationKey<usage::MacAlgorithm1>: "M1" "TAD" "VCN" "MacVerificationKey";
    MacGenerationKey<usage::MacAlgorithm2>: "M2" "TAD" "GCN" "MacGenerationKey";
    MacVerificationKey<usage::MacAlgorithm2>: "M2" "TAD" "VCN" "MacVerificationKey";
    MacGenerationKey<usage::MacAlgorithm3>: "M3" "T" "GCN" "MacGenerationKey";
    MacVerificationKey<usage::MacAlgorithm3>: "M3" "T" "VCN" "MacVerificationKey";
    MacGenerationKey<usage::MacAlgorithm4>: "M4" "TAD" "GCN" "MacGenerationKey";
    MacVerificationKey<usage::MacAlgorithm4>: "M4" "TAD" "VCN" "MacVerificationKey";
    MacGenerationKey<usage::MacAlgorithm5Legacy>: "M5" "TAD" "GCN" "MacGenerationKey";
    MacVerificationKey<usage::MacAlgorithm5Legacy>: "M5" "TAD" "VCN" "MacVerificationKey";
    MacGenerationKey<usage::Cmac>: "M6" "TA" "GCN" "MacGenerationKey";
    MacVerificationKey<usage::Cmac>: "M6" "TA" "VCN" "MacVerificationKey";
    MacGenerationKey<usage::Hmac>: "M7" "H" "GCN" "MacGenerationKey";
    MacVerificationKey<usage::Hmac>: "M7" "H" "VCN" "MacVerificationKey";
    MacGenerationKey<usage::MacAlgorithm6>: "M8" "TA" "GCN" "MacGenerationKey";
    MacVerificationKey<usage::MacAlgorithm6>: "M8" "TA" "VCN" "MacVerificationKey";
    CvvGenerationKey: "C0" "TA" "GCN" "CvvGenerationKey";
    CvvVerificationKey: "C0" "TA" "VCN" "CvvVerificationKey";
    PinCheckGenerationKey<usage::PinVerification>: "V0" "TA" "GCN" "PinCheckGenerationKey";
    PinCheckVerificationKey<usage::PinVerification>: "V0" "TA" "VCN" "PinCheckVerificationKey";
    PinCheckGenerationKey<usage::PinVerificationIbm3624>: "V1" "TA" "GCN" "PinCheckGenerationKey";
    PinCheckVerificationKey<usage::PinVerificationIbm3624>: "V1" "TA" "VCN" "PinCheckVerificationKey";
    PinCheckGenerationKey<usage::PinVerificationVisaPvv>: "V2" "TA" "GCN" "PinCheckGenerationKey";
    PinCheckVerificationKey<usage::PinVerificationVisaPvv>: "V2" "TA" "VCN" "PinCheckVerificationKey";
    TdesBdk: "B0" "T" "XN" "TdesBdk";
    AesBdk: "B0" "A" "XN" "AesBdk";
    TdesInitialKey: "B1" "T" "XN" "TdesInitialKey";
    AesInitialKey: "B1" "A" "XN" "AesInitialKey";
    KeyDerivationKey: "B3" "TA" "XN" "KeyDerivationKey";
    EmvMasterKey<usage::EmvApplicationCryptogram>: "E0" "TA" "XN" "EmvMasterKey";
    EmvMasterKey<usage::EmvConfidentiality>: "E1" "TA" "XN" "EmvMasterKey";
    EmvMasterKey<usage::EmvIntegrity>: "E2" "TA" "XN" "EmvMasterKey";
    EmvMasterKey<usage::EmvDataAuthenticationCode>: "E3" "TA" "XN" "EmvMasterKey";
    EmvMasterKey<usage::EmvDynamicNumbers>: "E4" "TA" "XN" "EmvMasterKey";
    EmvMasterKey<usage::EmvPersonalisation>: "E5" "TA" "XN" "EmvMasterKey";
    EmvMasterKey<usage::EmvOther>: "E6" "TA" "XN" "EmvMasterKey";
}

#[test]
fn a_held_kbpk_of_a_single_length_takes_no_other() {
    let header = header("K1AB");
    unwrapped(header, &[], bytes(Algorithm::Aes), |key| {
        assert!(key.to_key::<HeldKbpk<Aes192Kbpk>>().is_ok());
        let refused = |key: Result<HeldKbpk<Aes128Kbpk>, Error>| key.err();
        assert_eq!(refused(key.to_key()), Some(Error::KbpkLength));
        assert_eq!(key.to_key::<HeldKbpk<Aes256Kbpk>>().err(), Some(Error::KbpkLength));
    });
}

#[test]
fn a_role_takes_what_a_table_says_and_nothing_else() {
    let usages = KeyUsage::STANDARD.iter().copied().chain([KeyUsage::Proprietary(*b"10")]);
    let headers = usages.flat_map(|usage| {
        Algorithm::STANDARD.iter().flat_map(move |&algorithm| {
            let with = move |&mode| Header { usage, mode, algorithm, ..header("P0AE") };
            ModeOfUse::STANDARD.iter().map(with)
        })
    });
    for header in headers.step_by(if cfg!(miri) { 397 } else { 1 }) {
        let Header { usage, mode, algorithm, .. } = header;
        let optional: &[(&[u8; 2], &str)] = match algorithm {
            Algorithm::Tdes => &[(b"KS", "FFFF9876543210E00000")],
            Algorithm::Aes => &[(b"IK", "1234567890123456")],
            _ => &[(b"HM", "21")],
        };
        unwrapped(header, optional, bytes(algorithm), |unwrapped| {
            for (convert, usages, algorithms, modes, name) in ROLES {
                let [algorithm, mode] = [algorithm.code(), mode.code()].map(char::from);
                let expected = if !usages.split(' ').any(|one| one == format!("{usage}")) {
                    Err(Error::UsageMismatch)
                } else if !algorithms.contains(algorithm) {
                    Err(Error::AlgorithmMismatch)
                } else if !modes.contains(mode) {
                    Err(Error::ModeMismatch)
                } else {
                    Ok(String::from(*name))
                };
                let actual = convert(unwrapped);
                assert_eq!(actual, expected, "{usage}{algorithm}{mode} {name}");
            }
        });
    }
}

#[test]
fn a_component_is_no_key() {
    let component = KeyVersion::Component(b'1');
    let step = if cfg!(miri) { 10 } else { 1 };
    for (convert, usages, algorithms, modes, _) in ROLES.iter().step_by(step) {
        let text = format!("{}{}{}", &usages[..2], &algorithms[..1], &modes[..1]);
        let header = Header { key_version: component, ..header(&text) };
        let result = unwrapped(header, &[], bytes(header.algorithm), convert);
        assert_eq!(result, Err(Error::KeyComponent));
    }
}

fn initial_key(algorithm: Algorithm, optional: &[(&[u8; 2], &str)]) -> Result<[u8; 8], Error> {
    let header = Header { algorithm, ..header("B1AX") };
    unwrapped(header, optional, bytes(algorithm), |unwrapped| {
        let (bytes, id) = if algorithm == Algorithm::Tdes {
            let key: TdesInitialKey = unwrapped.to_key()?;
            (key.expose_bytes().to_vec(), key.id())
        } else {
            let key: AesInitialKey = unwrapped.to_key()?;
            (key.expose_bytes().to_vec(), key.id())
        };
        assert_eq!(bytes, self::bytes(algorithm));
        Ok(id.to_bytes())
    })
}

#[test]
fn an_initial_key_has_the_id_of_its_algorithm() {
    let id = hex!("FFFF9876543210E0");
    let tdes = |optional: &[(&[u8; 2], &str)]| initial_key(Algorithm::Tdes, optional);
    assert_eq!(tdes(&[(b"KS", "FFFF9876543210E00000")]), Ok(id));
    assert_eq!(tdes(&[(b"KS", "9876543210E00000")]), Ok(id));
    assert_eq!(
        tdes(&[(b"LB", "one"), (b"KS", "00604B120F9292800000")]),
        Ok(hex!("00604B120F929280"))
    );
    let aes = |optional: &[(&[u8; 2], &str)]| initial_key(Algorithm::Aes, optional);
    assert_eq!(aes(&[(b"IK", "1234567890123456")]), Ok(hex!("1234567890123456")));
    assert_eq!(aes(&[(b"IK", "FFFFFFFFFFFFFFFF")]), Ok([0xFF; 8]));

    assert_eq!(tdes(&[]), Err(Error::InitialKeyIdMissing));
    assert_eq!(aes(&[(b"LB", "KS")]), Err(Error::InitialKeyIdMissing));
    for (ks, ik) in [
        // Of the other algorithm, alone or beside its own.
        (None, Some("1234567890123456")),
        (Some("FFFF9876543210E00000"), Some("1234567890123456")),
        (Some("FFFF9876543210E00000"), None),
    ] {
        let blocks: Vec<(&[u8; 2], &str)> =
            ks.map(|ks| (b"KS", ks)).into_iter().chain(ik.map(|ik| (b"IK", ik))).collect();
        if ik.is_some() {
            assert_eq!(tdes(&blocks), Err(Error::InitialKeyIdMismatch));
        }
        if ks.is_some() {
            assert_eq!(aes(&blocks), Err(Error::InitialKeyIdMismatch));
        }
    }
    let (ks, ik) = ("FFFF9876543210E00000", "1234567890123456");
    assert_eq!(tdes(&[(b"KS", ks), (b"KS", ks)]), Err(Error::InitialKeyIdMismatch));
    assert_eq!(aes(&[(b"IK", ik), (b"IK", ik)]), Err(Error::InitialKeyIdMismatch));
    let step = if cfg!(miri) { 7 } else { 1 };
    for len in (0..=22).step_by(step).filter(|len| ![16, 20].contains(len)) {
        let text = &"0000000000000000000000"[..len];
        assert_eq!(tdes(&[(b"KS", text)]), Err(Error::InitialKeyIdMismatch), "{len}");
        assert_eq!(aes(&[(b"IK", text)]), Err(Error::InitialKeyIdMismatch), "{len}");
    }
    assert_eq!(aes(&[(b"IK", ks)]), Err(Error::InitialKeyIdMismatch));
    for bad in ["FFFF9876543210e00000", "KS10DE#GBIC#OPT10000", "FFFF9876543210E0000 "] {
        assert_eq!(tdes(&[(b"KS", bad)]), Err(Error::InitialKeyIdMismatch));
    }
    assert_eq!(aes(&[(b"IK", "123456789012345x")]), Err(Error::InitialKeyIdMismatch));

    // The base key's id is the front of the initial key's.
    for short in [false, true] {
        let ks = if short { &ks[4..] } else { ks };
        assert_eq!(tdes(&[(b"KS", ks), (b"BI", "00FFFF987654")]), Ok(id));
        for bad in ["00FFFF987655", "01FFFF9876", "0112345678", "00FFFF9876", ""] {
            let contradicted = tdes(&[(b"KS", ks), (b"BI", bad)]);
            assert_eq!(contradicted, Err(Error::InitialKeyIdMismatch), "{bad}");
        }
    }
    assert!(aes(&[(b"IK", ik), (b"BI", "0112345678")]).is_ok());
    for bad in ["0112345679", "001234567890", "00FFFF987654"] {
        let contradicted = aes(&[(b"BI", bad), (b"IK", ik)]);
        assert_eq!(contradicted, Err(Error::InitialKeyIdMismatch), "{bad}");
    }
}

#[test]
fn each_bit_of_a_counter_contradicts() {
    for len in [16, 20] {
        for bit in (0..len * 4).step_by(if cfg!(miri) { 20 } else { 1 }) {
            let number = u128::from(u64::MAX) << 60 | 1 << bit;
            let number = if bit < 21 { 1 << bit } else { number & !0x1F_FFFF | 1 << bit };
            let text = format!("{:032X}", number & ((1 << (len * 4)) - 1));
            let result = initial_key(Algorithm::Tdes, &[(b"KS", &text[32 - len..])]);
            assert_eq!(result.is_ok(), bit >= 21, "{len} {bit}");
        }
    }
}

#[test]
fn a_base_key_may_have_an_id() {
    let bdk = |algorithm, optional: &[(&[u8; 2], &str)]| {
        let header = Header { algorithm, ..header("B0AX") };
        unwrapped(header, optional, bytes(algorithm), |unwrapped| {
            if algorithm == Algorithm::Tdes {
                unwrapped.to_key::<TdesBdk>().map(|key| key.id())
            } else {
                unwrapped.to_key::<AesBdk>().map(|key| key.id())
            }
        })
    };
    let (aes, tdes) = (Algorithm::Aes, Algorithm::Tdes);
    assert_eq!(bdk(aes, &[]), Ok(None));
    assert_eq!(bdk(aes, &[(b"BI", "0112345678")]), Ok(Some(BaseKeyId::Aes(hex!("12345678")))));
    let id = BaseKeyId::Tdes(hex!("FFFF987654"));
    assert_eq!(bdk(tdes, &[(b"BI", "00FFFF987654")]), Ok(Some(id)));
    for (algorithm, text) in [
        (aes, "00FFFF987654"),
        (tdes, "0112345678"),
        (aes, "01123456"),
        (aes, "011234567890"),
        (tdes, "00FFFF9876"),
        (aes, "0212345678"),
        (aes, "0112345x78"),
        (aes, "0"),
        (aes, ""),
    ] {
        let result = bdk(algorithm, &[(b"BI", text)]);
        assert_eq!(result, Err(Error::InitialKeyIdMismatch), "{text}");
    }
    let twice = bdk(aes, &[(b"BI", "0112345678"), (b"BI", "0112345678")]);
    assert_eq!(twice, Err(Error::InitialKeyIdMismatch));
}

#[test]
fn ciphers_are_those_of_the_key() {
    let key = bytes(Algorithm::Aes);
    unwrapped(header("P0AB"), &[], key, |unwrapped| {
        let plain = Array([0x5A; 16]);
        let mut expected = plain;
        let slow = aes::Aes192::new_from_slice(key).unwrap();
        slow.encrypt_block(&mut expected);

        let mut block = plain;
        let encryption = unwrapped.to_key::<PinEncryptionKey>().unwrap();
        encryption.cipher::<aes::Aes192Enc>().unwrap().encrypt_block(&mut block);
        assert_eq!(block, expected);
        let decryption = unwrapped.to_key::<PinDecryptionKey>().unwrap();
        decryption.cipher::<aes::Aes192>().unwrap().decrypt_block(&mut block);
        assert_eq!(block, plain);
        // As many blocks at once as the backend takes.
        let mut blocks = [plain; 9];
        encryption.cipher::<aes::Aes192>().unwrap().encrypt_blocks(&mut blocks);
        assert_eq!(blocks, [expected; 9]);
        let both = unwrapped.to_key::<PinKey>().unwrap();
        both.cipher::<aes::Aes192>().unwrap().decrypt_blocks(&mut blocks);
        assert_eq!(blocks, [plain; 9]);

        assert_eq!(encryption.cipher::<aes::Aes128>().err(), Some(Error::KeyLength));
        assert_eq!(both.cipher::<aes::Aes256>().err(), Some(Error::KeyLength));
        // As long as this key, but of another block.
        let of_tdes = decryption.cipher::<des::TdesEde3>().err();
        assert_eq!(of_tdes, Some(Error::AlgorithmMismatch));
        assert_eq!(format!("{:?}", encryption.cipher::<aes::Aes192>().unwrap()), "EncryptOnly");
        assert_eq!(format!("{:?}", decryption.cipher::<aes::Aes192>().unwrap()), "DecryptOnly");
    });
    let key = bytes(Algorithm::Tdes);
    for text in ["C0TG", "V2TC", "E0TX", "B0TX"] {
        unwrapped(header(text), &[], key, |unwrapped| {
            let mut expected = Array([0x5A; 8]);
            let mut block = expected;
            des::TdesEde2::new_from_slice(key).unwrap().encrypt_block(&mut expected);
            let cipher = match text {
                "C0TG" => unwrapped.to_key::<CvvGenerationKey>().unwrap().cipher(),
                "V2TC" => {
                    let key: PinCheckVerificationKey<usage::PinVerificationVisaPvv> =
                        unwrapped.to_key().unwrap();
                    key.cipher()
                }
                "E0TX" => {
                    let key: EmvMasterKey<usage::EmvApplicationCryptogram> =
                        unwrapped.to_key().unwrap();
                    key.cipher()
                }
                _ => unwrapped.to_key::<TdesBdk>().unwrap().cipher(),
            };
            let cipher: EncryptOnly<des::TdesEde2> = cipher.unwrap();
            cipher.encrypt_block(&mut block);
            assert_eq!(block, expected, "{text}");
        });
    }
}

#[test]
fn macs_are_those_of_the_key() {
    use hmac::Mac;
    let key = bytes(Algorithm::Tdes);
    unwrapped(header("M6TC"), &[], key, |unwrapped| {
        let expected = cmac::Cmac::<des::TdesEde2>::new_from_slice(key).unwrap();
        let expected = expected.chain_update(b"data").finalize();
        let key: MacGenerationKey<usage::Cmac> = unwrapped.to_key().unwrap();
        let mac = key.mac::<cmac::Cmac<des::TdesEde2>>().unwrap();
        assert!(mac.chain_update(b"data").finalize() == expected);
        let key: MacVerificationKey<usage::Cmac> = unwrapped.to_key().unwrap();
        let mac = key.mac::<cmac::Cmac<des::TdesEde2>>().unwrap().chain_update(b"data");
        assert!(mac.verify(&expected.into_bytes()).is_ok());
        let of_aes = key.mac::<cmac::Cmac<aes::Aes128>>();
        assert_eq!(of_aes.err(), Some(Error::AlgorithmMismatch));
        let longer = key.mac::<cmac::Cmac<des::TdesEde3>>();
        assert_eq!(longer.err(), Some(Error::KeyLength));
    });
}

#[test]
fn an_hmac_key_is_for_one_hash() {
    use hmac::Mac;
    let hmac = |optional: &[(&[u8; 2], &str)], key: &[u8]| {
        unwrapped(header("M7HG"), optional, key, |unwrapped| {
            let key: MacGenerationKey<usage::Hmac> = unwrapped.to_key()?;
            let refused = key.mac::<hmac::Hmac<sha2::Sha384>>();
            assert_eq!(refused.err(), Some(Error::AlgorithmMismatch));
            let mac = key.mac::<hmac::Hmac<sha2::Sha256>>()?.chain_update(b"data");
            Ok((key.hash().code(), mac.finalize().into_bytes()))
        })
    };
    for len in [1, 32, 64] {
        let key = [0x5A; 64];
        let expected = hmac::Hmac::<sha2::Sha256>::new_from_slice(&key[..len]).unwrap();
        let expected = expected.chain_update(b"data").finalize().into_bytes();
        assert_eq!(hmac(&[(b"HM", "21")], &key[..len]), Ok((0x21, expected)));
    }
    assert_eq!(hmac(&[(b"HM", "21")], &[0x5A; 65]), Err(Error::KeyLength));
    let (once, refused) = ((b"HM", "21"), Err(Error::AlgorithmMismatch));
    assert_eq!(hmac(&[], &[0x5A; 32]), refused);
    assert_eq!(hmac(&[once, once], &[0x5A; 32]), refused);
    for bad in ["", "2", "210", "99", "40", "2x"] {
        assert_eq!(hmac(&[(b"HM", bad)], &[0x5A; 32]), refused, "{bad}");
    }
    let lengths = [
        (b"10", 20),
        (b"20", 28),
        (b"21", 32),
        (b"22", 48),
        (b"23", 64),
        (b"24", 28),
        (b"25", 32),
        (b"30", 28),
        (b"31", 32),
        (b"32", 48),
        (b"33", 64),
    ];
    for (code, len) in lengths {
        let text = core::str::from_utf8(code).unwrap();
        unwrapped(header("M7HV"), &[(b"HM", text)], &[0x5A; 32], |unwrapped| {
            let key: MacVerificationKey<usage::Hmac> = unwrapped.to_key().unwrap();
            assert_eq!(key.hash().output_len(), Some(len), "{text}");
        });
    }
}

#[test]
fn a_protection_key_keeps_to_its_versions_and_its_direction() {
    let directions = [("E", true, false), ("D", false, true), ("B", true, true), ("N", true, true)];
    for (usage, algorithm, versions) in [("K1", "T", "ABC"), ("K1", "A", "D"), ("K4", "A", "E")] {
        for (mode, wraps, unwraps) in directions {
            let header = header(&format!("{usage}{algorithm}{mode}"));
            unwrapped(header, &[], bytes(header.algorithm), |unwrapped| {
                for &version in Version::ALL {
                    let (held, plain): (std::boxed::Box<dyn crate::ProtectionKey>, _) =
                        if algorithm == "A" {
                            let key: HeldKbpk<AesKbpk> = unwrapped.to_key().unwrap();
                            let plain = AesKbpk::new(unwrapped.expose_bytes()).unwrap();
                            (std::boxed::Box::new(key), std::boxed::Box::new(plain) as _)
                        } else {
                            let key: HeldKbpk<TdesKbpk> = unwrapped.to_key().unwrap();
                            let plain = TdesKbpk::new(unwrapped.expose_bytes()).unwrap();
                            let plain: std::boxed::Box<dyn crate::ProtectionKey> =
                                std::boxed::Box::new(plain);
                            (std::boxed::Box::new(key), plain)
                        };
                    assert_eq!(
                        (held.is_aes(), held.strength()),
                        (plain.is_aes(), plain.strength())
                    );
                    let refusal = if held.is_aes() != version.is_aes() {
                        Some(Error::KbpkAlgorithm { version })
                    } else if !versions.contains(char::from(version.code())) {
                        Some(Error::UsageMismatch)
                    } else {
                        None
                    };
                    let header = Header { version, ..header };
                    let wrap = Wrap::new(header, Profile::LENIENT);
                    let pad = std::vec![0; wrap.pad_len(24).unwrap()];
                    let (mut one, mut other) = ([0; 256], [0; 256]);
                    let by_held =
                        wrap.wrap_key_with_pad(&*held, bytes(Algorithm::Aes), &pad, &mut one);
                    let by_plain =
                        wrap.wrap_key_with_pad(&*plain, bytes(Algorithm::Aes), &pad, &mut other);
                    if refusal.is_none() && wraps {
                        assert_eq!(by_held, by_plain);
                    } else {
                        assert_eq!(by_held, Err(refusal.unwrap_or(Error::ModeMismatch)));
                    }
                    let Ok(text) = by_plain else { continue };
                    let block = KeyBlock::parse(text, Profile::LENIENT).unwrap();
                    let mut buffer = [0; 64];
                    let opened = block.unwrap_key(&*held, &mut buffer).map(|_| ());
                    let expected = if unwraps { Ok(()) } else { Err(Error::ModeMismatch) };
                    assert_eq!(opened, refusal.map_or(expected, Err));
                    assert_eq!(buffer, [0; 64]);
                }
            });
        }
    }
}

#[test]
fn kept_keys_keep_to_it_too() {
    unwrapped(header("K1AD"), &[], bytes(Algorithm::Aes), |unwrapped| {
        let key: HeldKbpk<AesKbpk> = unwrapped.to_key().unwrap();
        assert_eq!(key.keep(Version::E).err(), Some(Error::UsageMismatch));
        let version = Version::B;
        assert_eq!(key.keep(version).err(), Some(Error::KbpkAlgorithm { version }));
        let kept = key.keep(Version::D).unwrap();
        let mut text = [0; 256];
        let wrap = Wrap::new(header("P0AE"), Profile::LENIENT);
        let refused = wrap.wrap_key_with_pad(&kept, &[7; 16], &[0; 14], &mut text);
        assert_eq!(refused, Err(Error::ModeMismatch));
        let plain = AesKbpk::new(unwrapped.expose_bytes()).unwrap();
        let text = wrap.wrap_key_with_pad(&plain, &[7; 16], &[0; 14], &mut text).unwrap();
        let block = KeyBlock::parse(text, Profile::LENIENT).unwrap();
        let mut buffer = [0; 64];
        assert_eq!(block.unwrap_key(&kept, &mut buffer).unwrap().expose_bytes(), [7; 16]);
    });
    // AES has them, protection keys do not: 8 bytes of TDES.
    unwrapped(header("K1TB"), &[], &[7; 8], |unwrapped| {
        let key = unwrapped.to_key::<HeldKbpk<TdesKbpk>>();
        assert_eq!(key.err(), Some(Error::KbpkLength));
    });
}

#[test]
fn keys_compare_in_constant_time() {
    let make = |text: &str, key: &[u8]| {
        unwrapped(header(text), &[], key, |unwrapped| unwrapped.to_key::<PinKey>().unwrap())
    };
    let key = make("P0AB", &[0x5A; 16]);
    assert!(bool::from(key.ct_eq(&make("P0AN", &[0x5A; 16]))));
    assert!(!bool::from(key.ct_eq(&make("P0TB", &[0x5A; 16]))));
    assert!(!bool::from(key.ct_eq(&make("P0AB", &[0x5A; 24]))));
    let mut other = [0x5A; 16];
    other[15] ^= 1;
    assert!(!bool::from(key.ct_eq(&make("P0AB", &other))));
    assert_eq!(key.expose_array(), Some(&[0x5A; 16]));
    assert_eq!(key.expose_array::<24>(), None);
}

#[test]
fn only_a_sensitive_key_leaves_in_another_form() {
    for code in *b"SEN1" {
        let exportability = Exportability::from_code(code).unwrap();
        let header = Header { exportability, ..header("P0AB") };
        unwrapped(header, &[], &[7; 16], |unwrapped| {
            let bytes = unwrapped.expose_for_legacy_export().map(|bytes| bytes.to_vec());
            let expected =
                if code == b'S' { Ok(std::vec![7; 16]) } else { Err(Error::NotExportable) };
            assert_eq!(bytes, expected);
        });
    }
}
