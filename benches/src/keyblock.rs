//! Key blocks opened and made: version D under AES-256, version B under two-key TDES.

use std::hint::black_box;

use aes::{Aes256Dec, Aes256Enc};
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::TdesEde2;
use hex_literal::hex;
use keyblock::{AesKbpk, KeyBlock, Profile, ProtectionKey, TdesKbpk, Version, Wrap};

use crate::{Job, Side};

// ASC X9 TR 31-2018, A.7.4.
const D_KBPK: [u8; 32] = hex!("88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6");
const D_BLOCK: &[u8; 112] = b"D0112P0AE00E0000\
    B82679114F470F540165EDFBF7E250FCEA43F810D215F8D207E2E417C07156A2\
    7E8E31DA05F7425509593D03A457DC34";
const D_KEY: [u8; 16] = hex!("3F419E1CB7079442AA37474C2EFBF8B8");
const D_PAD: [u8; 14] = hex!("1C2965473CE206BB855B01533782");
/// Two blocks of the enciphering key, two of the MAC key: counter, usage, 00, algorithm, length in bits, padding.
const D_DERIVATION: [[u8; 16]; 4] = [
    hex!("01 0000 00 0004 0100 80 00000000000000"),
    hex!("02 0000 00 0004 0100 80 00000000000000"),
    hex!("01 0001 00 0004 0100 80 00000000000000"),
    hex!("02 0001 00 0004 0100 80 00000000000000"),
];

// From psec's tests.
const B_KBPK: [u8; 16] = hex!("AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB");
const B_BLOCK: &[u8; 96] = b"B0096M3TC00E0000\
    D578DACC2286C7D10F20DEA88799CA8A2F44E0CC21226A2158D5DC8FD5C78E62\
    1327DA956C678808";
const B_KEY: [u8; 16] = hex!("CCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD");
/// As above, in whole blocks of TDES.
const B_DERIVATION: [[u8; 8]; 4] = [
    hex!("01 0000 00 0000 0080"),
    hex!("02 0000 00 0000 0080"),
    hex!("01 0001 00 0000 0080"),
    hex!("02 0001 00 0000 0080"),
];

pub fn jobs() -> Vec<Job> {
    vec![d_unwrap(), d_unwrap_kept(), d_wrap(), b_unwrap()]
}

/// The key of 16 bytes in a block of characters.
fn unwrapped(text: &[u8], kbpk: &impl ProtectionKey) -> [u8; 16] {
    let block = KeyBlock::parse(text, Profile::TR31_2018).unwrap();
    let mut buffer = [0; 64];
    let key = block.unwrap_key(kbpk, &mut buffer).unwrap();
    key.expose_bytes().try_into().unwrap()
}

fn d_unwrapped() -> [u8; 16] {
    unwrapped(black_box(D_BLOCK), &AesKbpk::new(black_box(&D_KBPK)).unwrap())
}

fn b_unwrapped() -> [u8; 16] {
    unwrapped(black_box(B_BLOCK), &TdesKbpk::new(black_box(&B_KBPK)).unwrap())
}

fn d_unwrap() -> Job {
    let parts = Parts::<16, 1, 2>::of(D_BLOCK);
    let floor = move || {
        let parts = black_box(&parts);
        let [encryption, authentication] = d_keys(black_box(&D_KBPK));
        let decryptor = Aes256Dec::new((&encryption).into());
        let plain = parts.plain(|block| decryptor.decrypt_block(block.into()));
        let authenticator = Aes256Enc::new((&authentication).into());
        let encipher = |block: &mut [u8; 16]| authenticator.encrypt_block(block.into());
        parts.key(&plain, encipher, &d_subkey(encipher))
    };
    assert_eq!((d_unwrapped(), floor()), (D_KEY, D_KEY));
    Job {
        name: "keyblock/d_unwrap_aes256",
        sides: vec![Side::ours("ours", d_unwrapped), Side::floor("floor", floor)],
    }
}

fn d_unwrap_kept() -> Job {
    let kept = AesKbpk::new(&D_KBPK).unwrap().keep(Version::D).unwrap();
    let ours = move || unwrapped(black_box(D_BLOCK), &kept);
    let parts = Parts::<16, 1, 2>::of(D_BLOCK);
    let [encryption, authentication] = d_keys(&D_KBPK);
    let decryptor = Aes256Dec::new((&encryption).into());
    let authenticator = Aes256Enc::new((&authentication).into());
    let subkey = d_subkey(|block| authenticator.encrypt_block(block.into()));
    let floor = move || {
        let parts = black_box(&parts);
        let plain = parts.plain(|block| decryptor.decrypt_block(block.into()));
        parts.key(&plain, |block| authenticator.encrypt_block(block.into()), &subkey)
    };
    assert_eq!((ours(), floor()), (D_KEY, D_KEY));
    Job {
        name: "keyblock/d_unwrap_kept",
        sides: vec![
            Side::ours("ours", ours),
            Side::ours("not kept", d_unwrapped),
            Side::floor("floor", floor),
        ],
    }
}

fn d_wrap() -> Job {
    let header = KeyBlock::parse(D_BLOCK, Profile::TR31_2018).unwrap().header();
    let ours = move || {
        let kbpk = AesKbpk::new(black_box(&D_KBPK)).unwrap();
        let wrap = Wrap::new(black_box(header), Profile::TR31_2018);
        let mut text = [0; 112];
        wrap.wrap_key_with_pad(&kbpk, black_box(&D_KEY), black_box(&D_PAD), &mut text).unwrap();
        text
    };
    let parts = Parts::<16, 1, 2>::of(D_BLOCK);
    let expected = (parts.data, parts.mac);
    let plain = [&[0, 128], &D_KEY[..], &D_PAD].concat();
    let plain: [[u8; 16]; 2] = plain.as_chunks().0.try_into().unwrap();
    let floor = move || {
        let [encryption, authentication] = d_keys(black_box(&D_KBPK));
        let authenticator = Aes256Enc::new((&authentication).into());
        let encipher = |block: &mut [u8; 16]| authenticator.encrypt_block(block.into());
        let mut data = *black_box(&plain);
        let mac = parts.authenticate(&data, encipher, &d_subkey(encipher));
        let encryptor = Aes256Enc::new((&encryption).into());
        let mut previous = mac;
        for block in &mut data {
            xor(block, &previous);
            encryptor.encrypt_block(block.into());
            previous = *block;
        }
        (data, mac)
    };
    assert_eq!(&ours(), D_BLOCK);
    assert_eq!(floor(), expected);
    Job {
        name: "keyblock/d_wrap_aes256",
        sides: vec![Side::ours("ours", ours), Side::floor("floor", floor)],
    }
}

fn b_unwrap() -> Job {
    let parts = Parts::<8, 2, 4>::of(B_BLOCK);
    let floor = move || {
        let parts = black_box(&parts);
        let [encryption, authentication] = b_keys(black_box(&B_KBPK));
        let decryptor = TdesEde2::new((&encryption).into());
        let plain = parts.plain(|block| decryptor.decrypt_block(block.into()));
        let authenticator = TdesEde2::new((&authentication).into());
        let encipher = |block: &mut [u8; 8]| authenticator.encrypt_block(block.into());
        parts.key(&plain, encipher, &b_subkey(encipher))
    };
    assert_eq!((b_unwrapped(), floor()), (B_KEY, B_KEY));
    Job {
        name: "keyblock/b_unwrap_tdes2",
        sides: vec![Side::ours("ours", b_unwrapped), Side::floor("floor", floor)],
    }
}

/// A block whose hex digits were read before: `H` blocks of header, `D` of data, each of `N` bytes, and the MAC.
struct Parts<const N: usize, const H: usize, const D: usize> {
    header: [[u8; N]; H],
    data: [[u8; N]; D],
    mac: [u8; N],
}

impl<const N: usize, const H: usize, const D: usize> Parts<N, H, D> {
    fn of(text: &[u8]) -> Self {
        let (header, hex) = text.split_at(N * H);
        let digit = |digit: u8| char::from(digit).to_digit(16).unwrap() as u8;
        let byte = |pair: &[u8; 2]| digit(pair[0]) << 4 | digit(pair[1]);
        let bytes: Vec<u8> = hex.as_chunks().0.iter().map(byte).collect();
        let (data, mac) = bytes.split_at(N * D);
        Self {
            header: header.as_chunks().0.try_into().unwrap(),
            data: data.as_chunks().0.try_into().unwrap(),
            mac: mac.try_into().unwrap(),
        }
    }

    #[inline(always)]
    fn plain(&self, decipher: impl Fn(&mut [u8; N])) -> [[u8; N]; D] {
        let mut plain = self.data;
        let mut previous = &self.mac;
        for (block, enciphered) in plain.iter_mut().zip(&self.data) {
            decipher(block);
            xor(block, previous);
            previous = enciphered;
        }
        plain
    }

    #[inline(always)]
    fn authenticate(
        &self,
        plain: &[[u8; N]; D],
        encipher: impl Fn(&mut [u8; N]),
        subkey: &[u8; N],
    ) -> [u8; N] {
        let mut state = [0; N];
        for (place, block) in self.header.iter().chain(plain).enumerate() {
            xor(&mut state, block);
            if place + 1 == H + D {
                xor(&mut state, subkey);
            }
            encipher(&mut state);
        }
        state
    }

    /// The key of 16 bytes behind two of its length, if the MAC is right.
    #[inline(always)]
    fn key(
        &self,
        plain: &[[u8; N]; D],
        encipher: impl Fn(&mut [u8; N]),
        subkey: &[u8; N],
    ) -> [u8; 16] {
        assert!(self.authenticate(plain, encipher, subkey) == self.mac);
        *plain.as_flattened()[2..].first_chunk().unwrap()
    }
}

/// The enciphering key and the MAC key: a key schedule, a block for the subkeys, four derived ones.
fn d_keys(kbpk: &[u8; 32]) -> [[u8; 32]; 2] {
    let cipher = Aes256Enc::new(kbpk.into());
    let subkey = d_subkey(|block| cipher.encrypt_block(block.into()));
    let padded = double_16(subkey);
    let mut derived = D_DERIVATION;
    for block in &mut derived {
        xor(block, &padded);
        cipher.encrypt_block(block.into());
    }
    let [e0, e1, a0, a1] = derived;
    [[e0, e1], [a0, a1]].map(|key| key.as_flattened().try_into().unwrap())
}

fn b_keys(kbpk: &[u8; 16]) -> [[u8; 16]; 2] {
    let cipher = TdesEde2::new(kbpk.into());
    // Derivation data fill a block.
    let subkey = b_subkey(|block| cipher.encrypt_block(block.into()));
    let mut derived = B_DERIVATION;
    for block in &mut derived {
        xor(block, &subkey);
        cipher.encrypt_block(block.into());
    }
    let [e0, e1, a0, a1] = derived;
    [[e0, e1], [a0, a1]].map(|key| key.as_flattened().try_into().unwrap())
}

/// The subkey of whole blocks.
#[inline(always)]
fn d_subkey(encipher: impl Fn(&mut [u8; 16])) -> [u8; 16] {
    let mut zero = [0; 16];
    encipher(&mut zero);
    double_16(zero)
}

#[inline(always)]
fn b_subkey(encipher: impl Fn(&mut [u8; 8])) -> [u8; 8] {
    let mut zero = [0; 8];
    encipher(&mut zero);
    let value = u64::from_be_bytes(zero);
    ((value << 1) ^ ((value >> 63) * 0x1B)).to_be_bytes()
}

fn double_16(block: [u8; 16]) -> [u8; 16] {
    let value = u128::from_be_bytes(block);
    ((value << 1) ^ ((value >> 127) * 0x87)).to_be_bytes()
}

#[inline(always)]
fn xor<const N: usize>(block: &mut [u8; N], other: &[u8; N]) {
    block.iter_mut().zip(other).for_each(|(byte, other)| *byte ^= other);
}
