//! Key blocks made the slow obvious way: text by `format!`, one block of the cipher after the other, CMAC from its own crate.

use aes::{Aes128, Aes192, Aes256};
use cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use cmac::{Cmac, Mac};
use des::{TdesEde2, TdesEde3};
use keyblock::{
    AesKbpk, Algorithm, Error, Header, OptionalBlock, Profile, ProtectionKey, Rule, TdesKbpk,
    Version,
};

use crate::choices::hex;

macro_rules! under {
    ($version:expr, $key:expr, $run:ident($($argument:expr),*)) => {
        match ($version.is_aes(), $key.len()) {
            (true, 16) => $run::<Aes128>($($argument),*),
            (true, 24) => $run::<Aes192>($($argument),*),
            (true, _) => $run::<Aes256>($($argument),*),
            (false, 16) => $run::<TdesEde2>($($argument),*),
            (false, _) => $run::<TdesEde3>($($argument),*),
        }
    };
}

/// The cipher and its CMAC, as one bound.
pub(super) trait Slow: KeyInit + BlockCipherEncrypt + BlockCipherDecrypt {
    fn cmac(key: &[u8], message: &[u8]) -> Vec<u8>;
}

macro_rules! slow {
    ($($cipher:ty)+) => {$(
        impl Slow for $cipher {
            fn cmac(key: &[u8], message: &[u8]) -> Vec<u8> {
                let mac = <Cmac<Self> as KeyInit>::new_from_slice(key).unwrap();
                mac.chain_update(message).finalize().into_bytes().to_vec()
            }
        }
    )+};
}

slow!(Aes128 Aes192 Aes256 TdesEde2 TdesEde3);

fn encipher_block<C: Slow>(key: &[u8], block: &[u8]) -> Vec<u8> {
    let mut block = Block::<C>::try_from(block).unwrap();
    C::new_from_slice(key).unwrap().encrypt_block(&mut block);
    block.to_vec()
}

fn xor(one: &[u8], other: &[u8]) -> Vec<u8> {
    one.iter().zip(other).map(|(one, other)| one ^ other).collect()
}

fn cbc<C: Slow>(key: &[u8], iv: &[u8], data: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    let mut previous = iv.to_vec();
    for block in data.chunks(C::block_size()) {
        previous = encipher_block::<C>(key, &xor(block, &previous));
        out.extend(&previous);
    }
    out
}

fn ctr<C: Slow>(key: &[u8], first: &[u8], data: &[u8]) -> Vec<u8> {
    let mut counter = u128::from_be_bytes(first.try_into().unwrap());
    let mut out = Vec::new();
    for piece in data.chunks(C::block_size()) {
        out.extend(xor(piece, &encipher_block::<C>(key, &counter.to_be_bytes())));
        counter = counter.wrapping_add(1);
    }
    out
}

/// The enciphered data and the MAC.
fn seal<C: Slow>(version: Version, kbpk: &[u8], header: &str, data: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (algorithm, ctr_usage) = match (version.is_aes(), kbpk.len()) {
        (false, 16) => (0, 0),
        (false, _) => (1, 0),
        (true, len) => (len / 8, if version == Version::E { 2 } else { 0 }),
    };
    let derive = |usage: u8| -> Vec<u8> {
        let bits = u16::try_from(kbpk.len() * 8).unwrap().to_be_bytes();
        let parts = (1..).map(|counter: u8| {
            let algorithm = u8::try_from(algorithm).unwrap();
            C::cmac(kbpk, &[&[counter, 0, usage, 0, 0, algorithm], &bits[..]].concat())
        });
        parts.take(3).flatten().take(kbpk.len()).collect()
    };
    match version {
        Version::A | Version::C => {
            let key: Vec<u8> = kbpk.iter().map(|byte| byte ^ b'E').collect();
            let enciphered = cbc::<C>(&key, &header.as_bytes()[..8], data);
            let key: Vec<u8> = kbpk.iter().map(|byte| byte ^ b'M').collect();
            let message = [header.as_bytes(), &enciphered].concat();
            let chained = cbc::<C>(&key, &[0; 8], &message);
            (enciphered, chained[chained.len() - 8..][..4].to_vec())
        }
        _ => {
            let mac = C::cmac(&derive(1), &[header.as_bytes(), data].concat());
            let key = derive(ctr_usage);
            let enciphered = if version == Version::E {
                ctr::<C>(&key, &mac, data)
            } else {
                cbc::<C>(&key, &mac, data)
            };
            (enciphered, mac)
        }
    }
}

/// A header with its optional blocks, behind which so many characters will follow; PB of zeros is added where it is needed.
pub(super) fn authenticated(
    header: Header,
    optional: &[OptionalBlock<'_>],
    in_bytes: bool,
    following: usize,
) -> Option<String> {
    let mut blocks = String::new();
    for block in optional {
        let [first, second] = block.id().map(char::from);
        let len = block.data().len() + 4;
        blocks += &match (len, in_bytes) {
            (..=255, _) => format!("{first}{second}{len:02X}{}", block.as_str()),
            (_, false) => format!("{first}{second}0004{:04X}{}", len + 6, block.as_str()),
            (_, true) => format!("{first}{second}0002{:04X}{}", len + 6, block.as_str()),
        };
    }
    let multiple = if header.version.is_aes() { 16 } else { 8 };
    let mut count = optional.len();
    if !blocks.len().is_multiple_of(multiple) {
        if optional.iter().any(|block| block.id() == *b"PB") {
            return None;
        }
        let mut fill = 0;
        while !(blocks.len() + 4 + fill).is_multiple_of(multiple) {
            fill += 1;
        }
        blocks += &format!("PB{:02X}{}", fill + 4, "0".repeat(fill));
        count += 1;
    }
    let Header { version, usage, algorithm, mode, key_version, exportability, context } = header;
    let context = char::from(context.code());
    let len = 16 + blocks.len() + following;
    Some(format!(
        "{version}{len:04}{usage}{algorithm}{mode}{key_version}{exportability}{count:02}{context}0{blocks}"
    ))
}

/// A whole block with these clear data, whatever they say.
pub(super) fn block(
    header: Header,
    optional: &[OptionalBlock<'_>],
    in_bytes: bool,
    kbpk: &[u8],
    data: &[u8],
) -> Option<String> {
    let mac_len = match header.version {
        Version::A | Version::C => 4,
        Version::B => 8,
        Version::D | Version::E => 16,
    };
    let text = authenticated(header, optional, in_bytes, 2 * (data.len() + mac_len))?;
    let (enciphered, mac) = under!(header.version, kbpk, seal(header.version, kbpk, &text, data));
    Some(text + &hex(&enciphered) + &hex(&mac))
}

/// What an algorithm's key cannot be.
pub(super) fn has_wrong_length(algorithm: Algorithm, len: usize) -> bool {
    match algorithm {
        Algorithm::Des => len != 8,
        Algorithm::Tdes => ![8, 16, 24].contains(&len),
        Algorithm::Aes => ![16, 24, 32].contains(&len),
        _ => len == 0,
    }
}

/// The strength in bits of a TDES key, whose parity does not count.
fn tdes_strength(key: &[u8]) -> usize {
    let parts: Vec<Vec<u8>> =
        key.chunks(8).map(|part| part.iter().map(|byte| byte & 0xFE).collect()).collect();
    match parts.as_slice() {
        [one, other] if one != other => 80,
        [one, two, three] if one != two && two != three => {
            if one == three {
                80
            } else {
                112
            }
        }
        _ => 56,
    }
}

/// Whether a key breaks one of a profile's rules about keys.
pub(super) fn breaks_a_rule(
    algorithm: Algorithm,
    key: &[u8],
    version: Version,
    kbpk: &[u8],
    profile: Profile,
) -> bool {
    let is_des = matches!(algorithm, Algorithm::Des | Algorithm::Tdes);
    let strength = match algorithm {
        Algorithm::Des | Algorithm::Tdes => tdes_strength(key),
        Algorithm::Aes | Algorithm::Hmac => 8 * key.len().min(32),
        _ => 0,
    };
    let kbpk_strength = if version.is_aes() { 8 * kbpk.len() } else { tdes_strength(kbpk) };
    (profile.has(Rule::StrongKbpk) && strength > kbpk_strength)
        || (profile.has(Rule::NoSingleLengthKey) && is_des && key.len() == 8)
        || (profile.has(Rule::NoDegenerateKey) && is_des && key.len() > 8 && strength == 56)
        || (profile.has(Rule::OddParity)
            && is_des
            && key.iter().any(|byte| byte.count_ones() % 2 == 0))
}

/// Bytes of the data of a key, length and fill included.
pub(super) fn data_len(header: Header, key_len: usize, room: usize, hidden: bool) -> usize {
    let longest = match header.algorithm {
        Algorithm::Tdes if hidden => 24,
        Algorithm::Aes if hidden => 32,
        _ => 0,
    };
    let longest = if header.version == Version::E { 0 } else { longest };
    let mut len = 2 + key_len.max(room).max(longest);
    let multiple = match header.version {
        Version::E => 1,
        Version::D => 16,
        _ => 8,
    };
    while !len.is_multiple_of(multiple) {
        len += 1;
    }
    len
}

/// The protection key of a version, as it is or kept.
pub(super) fn protection_key(
    version: Version,
    key: &[u8],
    kept: bool,
) -> Result<Box<dyn ProtectionKey>, Error> {
    Ok(match (version.is_aes(), kept) {
        (true, false) => Box::new(AesKbpk::new(key)?),
        (true, true) => Box::new(AesKbpk::new(key)?.keep(version)?),
        (false, false) => Box::new(TdesKbpk::new(key)?),
        (false, true) => Box::new(TdesKbpk::new(key)?.keep(version)?),
    })
}
