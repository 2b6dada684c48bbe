//! Key blocks written, and read with the right and with a wrong protection key.

use std::slice;

use keyblock::key::{PinKey, TdesInitialKey};
use keyblock::{
    AesKbpk, Algorithm, Error, Exportability, Header, KeyBlock, KeyUsage, ModeOfUse, Profile,
    ProtectionKey, Rule, TdesKbpk, Version, Wrap,
};

use super::{KEY, OTHER_KEY};
use crate::check::{Check, Tables};
use crate::secret::{Random, accepted, done, quietly, secret_slice};
use crate::shown::{BLOCK_MAC, KEY_RULES};
use crate::{leaky, request};

/// Of odd parity, and no part like another.
const WRAPPED: [u8; 24] = *b"\x01\x02\x04\x07\x08\x0B\x0D\x0E\x10\x13\x15\x16\x19\x1A\x1C\x1F\
\x20\x23\x25\x26\x29\x2A\x2C\x2F";

const STRICT: Profile = Profile::X9_143.without(Rule::HiddenKeyLength).with(Rule::OddParity);

fn header(version: Version, algorithm: Algorithm) -> Header {
    Header::new(
        version,
        KeyUsage::PinEncryption,
        algorithm,
        ModeOfUse::EncryptAndDecrypt,
        Exportability::Exportable,
    )
}

fn wrap(
    kbpk: &impl ProtectionKey,
    version: Version,
    algorithm: Algorithm,
    profile: Profile,
) -> Result<Vec<u8>, Error> {
    let mut text = [0; 400];
    let wrap = Wrap::new(header(version, algorithm), profile);
    let key = secret_slice(&WRAPPED);
    wrap.wrap_key(&Judged(kbpk), &key, &mut Random::new(), &mut text).map(<[u8]>::to_vec)
}

/// A block that nobody has to keep secret.
fn block(kbpk: &impl ProtectionKey, version: Version, algorithm: Algorithm) -> Vec<u8> {
    quietly(|| {
        let mut block = accepted(wrap(kbpk, version, algorithm, Profile::LENIENT));
        request::make_public(&mut block);
        block
    })
}

fn unwrap(kbpk: &impl ProtectionKey, text: &[u8], profile: Profile) {
    let mut buffer = [0; 128];
    let block = KeyBlock::parse(text, profile).expect("a block of the check's own");
    if let Ok(key) = block.unwrap_key(&Judged(kbpk), &mut buffer) {
        done(key.to_key::<PinKey>());
        done(key.to_key::<TdesInitialKey>());
        done(key.expose_pad());
    }
}

/// By a key for one block and by one that is kept for many, and the block with a wrong MAC.
macro_rules! unwrap_all {
    ($kbpk:ident, $lens:expr, $versions:expr, $algorithms:expr) => {
        for len in $lens {
            let [right, wrong] = [&KEY, &OTHER_KEY].map(|key| &key[..len]);
            for (version, algorithm) in
                $versions.into_iter().flat_map(|version| $algorithms.map(|other| (version, other)))
            {
                let text = block(&accepted($kbpk::new(right)), version, algorithm);
                for key in [right, wrong] {
                    let kbpk = accepted($kbpk::new(&secret_slice(key)));
                    unwrap(&kbpk, &text, STRICT);
                    unwrap(&kbpk, &text, Profile::LENIENT);
                    unwrap(&accepted(kbpk.keep(version)), &text, STRICT);
                }
            }
        }
    };
}

macro_rules! wrap_all {
    ($kbpk:ident, $lens:expr, $versions:expr, $algorithms:expr) => {
        for len in $lens {
            for (version, algorithm) in
                $versions.into_iter().flat_map(|version| $algorithms.map(|other| (version, other)))
            {
                let kbpk = accepted($kbpk::new(&secret_slice(&KEY[..len])));
                for profile in [STRICT, Profile::LENIENT] {
                    done(wrap(&kbpk, version, algorithm, profile));
                    done(wrap(&accepted(kbpk.keep(version)), version, algorithm, profile));
                }
            }
        }
    };
}

/// A protection key after which is known what may be known: a block's verdict and the length of the key inside, its first two bytes; and
/// what is sealed.
#[derive(Debug)]
struct Judged<'k, K>(&'k K);

impl<K: ProtectionKey> ProtectionKey for Judged<'_, K> {
    fn is_aes(&self) -> bool {
        self.0.is_aes()
    }

    fn strength(&self) -> u16 {
        self.0.strength()
    }

    fn open(
        &self,
        version: Version,
        header: &[u8],
        data: &mut [u8],
        mac: &[u8],
    ) -> Result<(), Error> {
        let mut result = self.0.open(version, header, data, mac);
        request::make_public(slice::from_mut(&mut result));
        request::make_public(&mut data[..2]);
        result
    }

    fn seal(
        &self,
        version: Version,
        header: &[u8],
        data: &mut [u8],
        mac: &mut [u8],
    ) -> Result<(), Error> {
        self.0.seal(version, header, data, mac)?;
        request::make_public(data);
        request::make_public(mac);
        Ok(())
    }
}

/// A protection key whose comparison of MACs ends at the first difference, and which puts the parity of keys right where it is wrong.
#[derive(Debug)]
struct Leaky<K>(K);

impl<K: ProtectionKey> ProtectionKey for Leaky<K> {
    fn is_aes(&self) -> bool {
        self.0.is_aes()
    }

    fn strength(&self) -> u16 {
        self.0.strength()
    }

    fn open(
        &self,
        version: Version,
        header: &[u8],
        data: &mut [u8],
        mac: &[u8],
    ) -> Result<(), Error> {
        quietly(|| done(self.0.open(version, header, data, mac)));
        let mut computed = [0; 16];
        let computed = &mut computed[..mac.len()];
        self.0.seal(version, header, &mut data.to_vec(), computed)?;
        if leaky::equal(computed, mac) { Ok(()) } else { Err(Error::MacMismatch) }
    }

    fn seal(
        &self,
        version: Version,
        header: &[u8],
        data: &mut [u8],
        mac: &mut [u8],
    ) -> Result<(), Error> {
        done(leaky::set_odd_parity(data));
        self.0.seal(version, header, data, mac)
    }
}

fn unwrap_leakily<K: ProtectionKey>(version: Version, key: impl Fn(&[u8]) -> K) {
    let text = block(&key(&KEY[..16]), version, Algorithm::Hmac);
    let mut buffer = [0; 128];
    let block = KeyBlock::parse(&text, Profile::LENIENT).expect("a block of the check's own");
    let kbpk = Leaky(key(&secret_slice(&KEY[..16])));
    done(block.unwrap_key(&kbpk, &mut buffer).is_ok());
}

fn wrap_leakily<K: ProtectionKey>(version: Version, key: impl Fn(&[u8]) -> K) {
    let kbpk = Leaky(key(&secret_slice(&KEY[..16])));
    done(wrap(&kbpk, version, Algorithm::Hmac, Profile::LENIENT));
}

const AES_VERSIONS: [Version; 2] = [Version::D, Version::E];
const TDES_VERSIONS: [Version; 3] = [Version::A, Version::B, Version::C];
const ALGORITHMS: [Algorithm; 3] = [Algorithm::Aes, Algorithm::Tdes, Algorithm::Hmac];

pub(super) fn checks() -> Vec<Check> {
    let unwrapping = |name, run: fn(), control: fn()| {
        Check::new(name, "protection key, key, expected MAC", run, control)
            .shows(&BLOCK_MAC)
            .shows(&KEY_RULES)
    };
    let wrapping = |name, run: fn(), control: fn()| {
        Check::new(name, "protection key, key, pad", run, control).shows(&KEY_RULES)
    };
    vec![
        unwrapping(
            "key block D, E unwrap",
            || unwrap_all!(AesKbpk, [16, 24, 32], AES_VERSIONS, ALGORITHMS),
            || unwrap_leakily(Version::D, |key| accepted(AesKbpk::new(key))),
        ),
        unwrapping(
            "key block A, B, C unwrap",
            || unwrap_all!(TdesKbpk, [16, 24], TDES_VERSIONS, ALGORITHMS),
            || unwrap_leakily(Version::B, |key| accepted(TdesKbpk::new(key))),
        )
        .through(Tables::Des),
        wrapping(
            "key block D, E wrap",
            || wrap_all!(AesKbpk, [16, 24, 32], AES_VERSIONS, ALGORITHMS),
            || wrap_leakily(Version::D, |key| accepted(AesKbpk::new(key))),
        ),
        wrapping(
            "key block A, B, C wrap",
            || wrap_all!(TdesKbpk, [16, 24], TDES_VERSIONS, ALGORITHMS),
            || wrap_leakily(Version::B, |key| accepted(TdesKbpk::new(key))),
        )
        .through(Tables::Des),
    ]
}
