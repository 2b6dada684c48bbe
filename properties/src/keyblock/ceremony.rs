//! Components, check values, parity, and the rules for TDES keys.

use aes::{Aes128, Aes192, Aes256};
use cipher::{Block, BlockCipherEncrypt, KeyInit};
use cmac::{Cmac, Mac, block_api::CmacCipher};
use des::{Des, TdesEde2, TdesEde3};
use keyblock::{
    Ceremony, Error, Kcv, KcvMethod, TdesKeyPolicy, check_odd_parity, combine,
    rand_core::{TryCryptoRng, TryRng},
    set_odd_parity, split,
    variant::{
        ControlVector, apply_atalla,
        thales_test_lmk::{LmkScheme, ThalesTestLmk},
    },
};
use sm4::Sm4;

use crate::{choices::Choices, told::assert_hidden};

/// A key that is split comes back from its components in any order, at once and in a ceremony, and no component with a changed bit passes for the
/// one that was printed; a generator that fails or is stuck leaves nothing. Check values, parity, the rules for TDES keys and variants are what
/// slow methods give.
///
/// Choices: `u8` algorithm and length of the key, `[u8; 32]` key, `u8` method of the check value, `u8` components, `u8` the first in a ceremony, `u8` bit of
/// which component to change, `u8` length of a buffer that may not fit, `u8` variant; then what the generator gives.
pub fn key_ceremony(data: &[u8]) {
    let mut choices = Choices::new(data);
    let (kcv, zeros, cmac, len): Algorithm = choices.one_of(&[
        (tdes, enciphered::<Des>, slow_cmac::<Des>, 8),
        (tdes, enciphered::<TdesEde2>, slow_cmac::<TdesEde2>, 16),
        (tdes, enciphered::<TdesEde3>, slow_cmac::<TdesEde3>, 24),
        (aes, enciphered::<Aes128>, slow_cmac::<Aes128>, 16),
        (aes, enciphered::<Aes192>, slow_cmac::<Aes192>, 24),
        (aes, enciphered::<Aes256>, slow_cmac::<Aes256>, 32),
        (sm4, enciphered::<Sm4>, slow_cmac::<Sm4>, 16),
    ]);
    let bytes: [u8; 32] = choices.array();
    let key = &bytes[..len];
    let method = choices.one_of(KcvMethod::ALL);
    let case = Case {
        key,
        count: usize::from(choices.u8()) % 12,
        first: choices.u8().into(),
        change: choices.u8().into(),
        buffer: usize::from(choices.u8()) % 34,
    };
    let variant = choices.u8();

    let value = kcv(key, method);
    let slow = if method == KcvMethod::Cmac { cmac(key) } else { zeros(key) };
    assert_eq!(value.as_bytes(), &slow[..method.len()]);
    assert_eq!(value.verify(&slow[..method.len()]), Ok(()));
    shortened(&value);
    assert_eq!(value.method(), method);
    assert_eq!(format!("{value:?}"), format!("Kcv({})", method.as_str()));
    assert_eq!(method.as_str().parse(), Ok(method));
    names(data);

    parity(key);
    rules(key);
    variants(key, variant);
    case.holds(Tape(choices.rest()));
}

/// A check value, the enciphered block of zeros and its CMAC by slow means, and the length of a key.
type Algorithm = (fn(&[u8], KcvMethod) -> Kcv, Slow, Slow, usize);
type Slow = fn(&[u8]) -> Vec<u8>;

fn tdes(key: &[u8], method: KcvMethod) -> Kcv {
    Kcv::tdes(method, key).unwrap()
}

fn aes(key: &[u8], method: KcvMethod) -> Kcv {
    Kcv::aes(method, key).unwrap()
}

fn sm4(key: &[u8], method: KcvMethod) -> Kcv {
    Kcv::new::<Sm4>(method, key).unwrap()
}

fn enciphered<C: KeyInit + BlockCipherEncrypt>(key: &[u8]) -> Vec<u8> {
    let mut block = Block::<C>::default();
    C::new_from_slice(key).unwrap().encrypt_block(&mut block);
    block.to_vec()
}

fn slow_cmac<C: KeyInit + CmacCipher>(key: &[u8]) -> Vec<u8> {
    let zeros = Block::<C>::default();
    Cmac::<C>::new_from_slice(key).unwrap().chain_update(zeros).finalize().into_bytes().to_vec()
}

/// By any part of a check value no more than that part is verified.
fn shortened(value: &Kcv) {
    let bytes = value.as_bytes();
    for len in 0..=bytes.len() + 1 {
        match value.shortened(len) {
            Ok(part) => {
                assert!((2..=bytes.len()).contains(&len));
                assert_eq!(part.verify(&bytes[..len]), Ok(()));
                assert_eq!(part.verify(&bytes[..len - 1]), Err(Error::KcvLength));
            }
            Err(error) => {
                assert!(!(2..=bytes.len()).contains(&len));
                assert_eq!(error, Error::KcvLength);
            }
        }
    }
}

fn parity(key: &[u8]) {
    let is_odd = |byte: &u8| byte.count_ones() % 2 == 1;
    assert_eq!(check_odd_parity(key).is_ok(), key.iter().all(is_odd));
    let mut odd = key.to_vec();
    set_odd_parity(&mut odd);
    let slow: Vec<u8> = key.iter().map(|b| if is_odd(b) { *b } else { b ^ 1 }).collect();
    assert_eq!(odd, slow);
    set_odd_parity(&mut odd);
    assert_eq!((odd, check_odd_parity(&slow)), (slow.clone(), Ok(())));
    if matches!(key.len(), 8 | 16 | 24) {
        let value = |key: &[u8]| Kcv::tdes(KcvMethod::Legacy, key).unwrap().to_string();
        assert_eq!(value(key), value(&slow));
    }
}

/// What a strict policy refuses, of keys with equal or weak parts as well.
fn rules(key: &[u8]) {
    let parts: Vec<Vec<u8>> =
        key.chunks(8).map(|part| part.iter().map(|byte| byte & 0xFE).collect()).collect();
    let lenient = TdesKeyPolicy::STRICT
        .allowing_single_length()
        .allowing_degenerate()
        .allowing_two_key_in_24_bytes()
        .allowing_weak()
        .allowing_any_parity();
    assert_eq!(lenient.check(key).is_ok(), parts.len() < 4);
    let strict = TdesKeyPolicy::STRICT.check(key);
    if !matches!(parts.len(), 2 | 3) {
        assert_eq!(strict, Err(Error::KeyLength));
        return;
    }
    let distinct: std::collections::HashSet<_> = parts.iter().collect();
    if distinct.len() < parts.len() {
        assert_eq!(strict, Err(Error::DegenerateKey));
        return;
    }
    // The round keys of a weak or semi-weak part are at most two: the same patterns in halves of the key with every other bit.
    let mut odd = key.to_vec();
    set_odd_parity(&mut odd);
    let repeats = |part: &[u8]| part.chunks(2).all(|pair| pair[..2] == part[..2]);
    let weak = odd.chunks(8).any(|part| {
        let known = |byte| matches!(byte, 0x01 | 0x1F | 0xE0 | 0xFE | 0x0E | 0xF1);
        let (left, right) = part.split_at(4);
        let partner = |byte| match byte {
            0x1F => 0x0E,
            0xE0 => 0xF1,
            same => same,
        };
        part.iter().copied().all(known)
            && !left.iter().any(|byte| matches!(byte, 0x0E | 0xF1))
            && repeats(left)
            && left.iter().zip(right).all(|(l, r)| partner(*l) == *r)
    });
    let even = (odd != key).then_some(Error::Parity);
    assert_eq!(strict.err(), if weak { Some(Error::WeakKey) } else { even });
}

/// Any text as a name: refused, or what has it.
fn names(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match text.parse::<KcvMethod>() {
        Ok(method) => assert_eq!(method.as_str(), text),
        Err(error) => assert_eq!(error, Error::UnknownName),
    }
    for &scheme in LmkScheme::ALL {
        assert_eq!(LmkScheme::from_letter(scheme.letter()), Some(scheme));
    }
    // A digit for the variant, then the code of a pair; any code in between.
    let lmk = |text: &str| text.parse::<ThalesTestLmk>();
    assert!(lmk(&text).is_err() || text.len() == 3 && &text[1..2] == "0");
    for variant in '0'..='9' {
        for code in ('0'..='9').chain('A'..='G') {
            assert_eq!(lmk(&format!("{variant}0{code}")).is_ok(), code < 'F');
        }
    }
}

/// A variant comes undone, and is not that of another number.
fn variants(key: &[u8], variant: u8) {
    let mut changed = key.to_vec();
    match apply_atalla(&mut changed, variant) {
        Ok(()) => {
            assert!(variant < 32);
            assert_eq!(changed[0], key[0] ^ (variant * 8));
            apply_atalla(&mut changed, variant).unwrap();
        }
        Err(error) => {
            let expected = if variant > 31 { Error::Variant } else { Error::KeyLength };
            assert_eq!((error, variant > 31 || key.len() == 32), (expected, true));
        }
    }
    assert_eq!(changed, key);

    let (_, vector) = ControlVector::DEFAULTS[usize::from(variant) % ControlVector::DEFAULTS.len()];
    let kek = key.iter().copied().cycle().take(16).collect::<Vec<u8>>().try_into().unwrap();
    assert_eq!(vector.encipher(&kek, &mut changed).is_ok(), key.len() <= 16);
    assert_eq!(vector.decipher(&kek, &mut changed).is_ok(), key.len() <= 16);
    assert_eq!(changed, key);

    let Ok(lmk) = ThalesTestLmk::new(variant / 10 * 2, variant % 10) else {
        assert!(variant >= 200);
        return;
    };
    for &scheme in LmkScheme::ALL {
        let fits = key.len() == scheme.key_len();
        assert_eq!(lmk.encipher(scheme, &mut changed).is_ok(), fits);
        assert_eq!(changed != key, fits);
        assert_eq!(lmk.decipher(scheme, &mut changed).is_ok(), fits);
        assert_eq!(changed, key);
    }
}

struct Case<'a> {
    key: &'a [u8],
    count: usize,
    first: usize,
    change: usize,
    buffer: usize,
}

impl Case<'_> {
    fn holds(&self, mut tape: Tape<'_>) {
        let len = self.key.len();
        let mut components = vec![vec![0xEE; len]; self.count];
        let mut lent: Vec<&mut [u8]> = components.iter_mut().map(Vec::as_mut_slice).collect();
        let given = tape.0;
        let done = split(self.key, &mut lent, &mut tape);
        let untouched = components.iter().flatten().all(|byte| *byte == 0xEE);
        let any = self.key.iter().any(|byte| *byte != 0);
        if !(2..=9).contains(&self.count) {
            assert_eq!((done, untouched), (Err(Error::ComponentCount), true));
            let legacy = |key: &[u8]| Kcv::new::<Sm4>(KcvMethod::Legacy, key);
            let begun = Ceremony::begin(self.count, 16, legacy);
            assert_eq!(begun.err(), Some(Error::ComponentCount));
            return;
        } else if !any {
            assert_eq!((done, untouched), (Err(Error::ZeroKey), true));
            return;
        }

        // What it has to be: the generator's bytes, then the sum, all different, none of them zero or the key.
        let random = given.get(..len * (self.count - 1));
        let expected = random.and_then(|random| {
            let mut all: Vec<Vec<u8>> = random.chunks(len).map(<[u8]>::to_vec).collect();
            all.push(all.iter().fold(self.key.to_vec(), |sum, one| xor(&sum, one)));
            let mut seen = std::collections::HashSet::from([vec![0; len], self.key.to_vec()]);
            all.iter().all(|one| seen.insert(one.clone())).then_some(all)
        });
        let Some(expected) = expected else {
            assert_eq!(done, Err(Error::Rng));
            assert!(components.iter().flatten().all(|byte| *byte == 0));
            return;
        };
        assert_eq!((done, &components), (Ok(()), &expected));
        components.rotate_left(self.first % self.count);
        self.comes_back(&components);
        self.in_a_ceremony(&components);
    }

    fn comes_back(&self, components: &[Vec<u8>]) {
        let lent: Vec<&[u8]> = components.iter().map(Vec::as_slice).collect();
        let mut key = vec![0x55; self.buffer];
        let before = key.clone();
        let done = combine(&lent, &mut key);
        if self.buffer == self.key.len() {
            assert_eq!((done, &key[..]), (Ok(()), self.key));
        } else {
            assert_eq!((done, key), (Err(Error::ComponentLength), before));
        }
    }

    fn in_a_ceremony(&self, components: &[Vec<u8>]) {
        let len = self.key.len();
        // 4 bytes that are the same for another component by chance once in 2^32: those of 8 bytes never are.
        let kcv: fn(&[u8]) -> Result<Kcv, Error> = match len {
            32 => |key| Kcv::aes(KcvMethod::UnionPay8, key),
            _ => |key| Kcv::tdes(KcvMethod::UnionPay8, key),
        };
        let parity_counts = len == 32;
        let mut ceremony = Ceremony::begin(components.len(), len, kcv).unwrap();
        let mut key = vec![0x55; len];
        for (at, component) in components.iter().enumerate() {
            assert_eq!(ceremony.missing(), components.len() - at);
            assert_eq!(ceremony.finish(&mut key).err(), Some(Error::ComponentCount));
            let printed = kcv(component).unwrap();
            let mut mistyped = component.clone();
            let byte = self.change / 8 % len;
            mistyped[byte] ^= 1 << (self.change % 8);
            let bit_counts = parity_counts || !self.change.is_multiple_of(8);
            if bit_counts {
                let done = ceremony.add_checked(&mistyped, printed.as_bytes());
                assert_eq!(done, Err(Error::KcvMismatch));
            }
            assert_eq!(ceremony.add(&component[..len - 1]).err(), Some(Error::ComponentLength));
            if at % 2 == 0 {
                assert_eq!(ceremony.add_checked(component, printed.as_bytes()), Ok(()));
            } else {
                let shown = ceremony.add(component).unwrap();
                assert_eq!(shown.verify(printed.as_bytes()), Ok(()));
            }
        }
        assert_eq!(ceremony.add(&components[0]).err(), Some(Error::ComponentCount));
        assert_eq!(key, vec![0x55; len]);
        assert_hidden(&ceremony, "Ceremony");
        let needed = u16::try_from(len).unwrap();
        let small = ceremony.finish(&mut key[1..]).err();
        assert_eq!(small, Some(Error::BufferTooSmall { needed }));
        assert_eq!(ceremony.finish(&mut [0x55; 33]).err(), Some(Error::KeyLength));
        self.adjusts_parity(components, kcv);
        let value = ceremony.finish(&mut key).unwrap();
        assert_eq!(key, self.key);
        assert_eq!(value.verify(kcv(self.key).unwrap().as_bytes()), Ok(()));
    }
}

impl Case<'_> {
    /// With adjusted parity the key has it, and a key of parity bits alone is none.
    fn adjusts_parity(&self, components: &[Vec<u8>], kcv: fn(&[u8]) -> Result<Kcv, Error>) {
        let len = self.key.len();
        let mut ceremony = Ceremony::begin(components.len(), len, kcv).unwrap().adjusting_parity();
        for component in components {
            ceremony.add(component).unwrap();
        }
        let mut key = vec![0; len];
        let done = ceremony.finish(&mut key);
        if self.key.iter().all(|byte| byte & 0xFE == 0) {
            assert_eq!(done.err(), Some(Error::ZeroKey));
        } else {
            let mut due = self.key.to_vec();
            set_odd_parity(&mut due);
            assert_eq!((done.is_ok(), key), (true, due));
        }
        assert_eq!(Ceremony::begin(2, 0, kcv).err(), Some(Error::KeyLength));
    }
}

fn xor(one: &[u8], other: &[u8]) -> Vec<u8> {
    one.iter().zip(other).map(|(a, b)| a ^ b).collect()
}

/// A generator that gives these bytes and then fails.
pub(super) struct Tape<'a>(pub(super) &'a [u8]);

impl TryRng for Tape<'_> {
    type Error = core::fmt::Error;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        let (given, rest) = self.0.split_at(bytes.len().min(self.0.len()));
        bytes[..given.len()].copy_from_slice(given);
        self.0 = rest;
        if given.len() == bytes.len() { Ok(()) } else { Err(core::fmt::Error) }
    }
}

impl TryCryptoRng for Tape<'_> {}
