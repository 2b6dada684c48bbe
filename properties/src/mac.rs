//! Message authentication codes.

use core::fmt::Debug;

use aes::{Aes128, Aes192, Aes256};
use cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use cmac::block_api::CmacCipher;
use des::{Des, TdesEde2, TdesEde3};
use dukpt::{
    Error,
    mac::{
        Authenticator, BitPadding, CbcMac, Cmac, CmacBlockSize, MIN_MAC_LEN, Padded, Padding,
        RetailMac, Tag, UnionPayMac, ZeroPadding,
    },
};
use hmac::{Hmac, Mac, digest::FixedOutputReset};
use sha2::{Sha256, Sha384, Sha512};
use sm4::Sm4;
use zeroize::ZeroizeOnDrop;

use crate::{
    choices::{Choices, hex},
    told::assert_hidden,
};

/// A code over data in pieces is the code over the data at once, by its own methods and by RustCrypto's trait, verifies as it is, and not with any
/// byte changed.
///
/// Choices: `u8` algorithm, `u8` padding, `[u8; 32]` key, `u8` length of the code, `u16` where to cut and `u8` how long the
/// pieces are after the cut, `u16` byte of the data to change, `u8` by what; then the data. CMACs are those of the crate `cmac`, the codes of
/// ISO/IEC 9797-1 algorithms 1 and 3 and UnionPay's those of slow twins.
pub fn mac_incremental(data: &[u8]) {
    let mut choices = Choices::new(data);
    let algorithm = choices.u8() % 16;
    let method = choices.u8() % 3;
    let key: [u8; 32] = choices.array();
    let case = Case {
        len: choices.u8().into(),
        cut: choices.u16().into(),
        piece: usize::from(choices.u8()) + 1,
        changed: choices.u16().into(),
        change: choices.u8().max(1),
        data: choices.rest(),
    };
    let padding = match method {
        0 => Padding::Method1,
        1 => Padding::Method2,
        _ => Padding::Method3 { data_len: case.data.len().try_into().unwrap() },
    };
    let (single, double, triple) = (&key[..8], &key[..16], &key[..24]);
    match algorithm {
        0 => case.cmac::<Aes128>(double),
        1 => case.cmac::<Aes256>(&key),
        2 => case.cmac::<TdesEde2>(double),
        3 => case.cmac::<TdesEde3>(triple),
        4 => case.holds(|| Authenticator::<Hmac<Sha256>>::new(double).unwrap(), 32),
        5 => case.holds(|| Authenticator::<Hmac<Sha512>>::new(&key).unwrap(), 64),
        6 => case.cbc_mac::<Des>(single, padding),
        7 => case.cbc_mac::<Aes128>(double, padding),
        8 => {
            let begin = |padding| RetailMac::new(double, padding).unwrap();
            case.holds(|| begin(padding), 8);
            let expected = retail_mac(double, padding, case.data);
            case.is(begin(padding), &expected);
            case.announced_wrongly(begin);
            let halves = [&double[..8], &double[8..]];
            let ciphers = || halves.map(|key| Des::new_from_slice(key).unwrap());
            let [one, other] = ciphers();
            case.is(RetailMac::with_ciphers(one, other, padding), &expected);
            let [one, other] = ciphers();
            let padded = Padded::<RetailMac, BitPadding>::with_ciphers(one, other);
            assert_hidden(&padded, "RetailMac");
            if padding == Padding::Method2 {
                let code = Mac::chain_update(padded, case.data).finalize().into_bytes();
                assert_eq!(code[..], expected);
            }
            match padding {
                Padding::Method1 => {
                    case.is(RetailMac::x9_19(double).unwrap(), &expected);
                    case.by_trait::<Padded<RetailMac, ZeroPadding>>(double, &expected);
                }
                Padding::Method2 => {
                    case.by_trait::<Padded<RetailMac, BitPadding>>(double, &expected);
                }
                _ => {}
            }
        }
        9 => case.cmac::<Aes192>(triple),
        10 => case.cmac::<Sm4>(double),
        11 => {
            let expected = unionpay::<Des>(single, case.data);
            case.unionpay(|| UnionPayMac::<Des>::new(single).unwrap(), &expected);
            case.by_trait::<UnionPayMac<Des>>(single, expected.as_bytes());
        }
        12 => {
            let expected = unionpay::<TdesEde2>(double, case.data);
            case.unionpay(|| UnionPayMac::<TdesEde2>::new(double).unwrap(), &expected);
            case.by_trait::<UnionPayMac<TdesEde2>>(double, expected.as_bytes());
        }
        13 => {
            let begin = || UnionPayMac::<Sm4>::new_unverified(double).unwrap();
            case.unionpay(begin, &unionpay::<Sm4>(double, case.data));
        }
        14 => case.cbc_mac::<TdesEde3>(triple, padding),
        _ => case.holds(|| Authenticator::<Hmac<Sha384>>::new(triple).unwrap(), 48),
    }
}

struct Case<'a> {
    data: &'a [u8],
    len: usize,
    cut: usize,
    piece: usize,
    changed: usize,
    change: u8,
}

impl Case<'_> {
    fn holds<M: Code>(&self, begin: impl Fn() -> M, longest: usize) {
        let len = MIN_MAC_LEN + self.len % (longest + 1 - MIN_MAC_LEN);
        let whole = begin().take(self.data).end(longest).unwrap();
        let (before, after) = self.data.split_at(self.cut % (self.data.len() + 1));
        let pieces = || after.chunks(self.piece).fold(begin().take(before), Code::take);
        let code = pieces().end(len).unwrap();
        assert_eq!(code.as_bytes(), &whole.as_bytes()[..len]);

        assert_eq!(pieces().check(code.as_bytes(), len), Ok(()));
        assert_hidden(&code, "Tag");
        assert_eq!(code.as_ref(), code.as_bytes());
        assert!(M::NAMES.contains(&format!("{:?}", pieces()).as_str()));
        let mut wrong = code.as_bytes().to_vec();
        for place in 0..len {
            wrong[place] ^= self.change;
            assert_eq!(pieces().check(&wrong, len), Err(Error::MacMismatch), "byte {place}");
            wrong[place] ^= self.change;
        }
        let shorter = pieces().check(&wrong[..len - 1], len);
        assert_eq!(shorter, Err(Error::MacMismatch));
        wrong.push(whole.as_bytes().get(len).copied().unwrap_or(0));
        assert_eq!(pieces().check(&wrong, len), Err(Error::MacMismatch));
        for outside in [0, MIN_MAC_LEN - 1, longest + 1, usize::MAX] {
            assert_eq!(pieces().end(outside).err(), Some(Error::MacLength));
            assert_eq!(pieces().check(whole.as_bytes(), outside), Err(Error::MacLength));
        }

        if !self.data.is_empty() {
            let mut other = self.data.to_vec();
            other[self.changed % self.data.len()] ^= self.change;
            let refused = begin().take(&other).check(whole.as_bytes(), longest);
            assert_eq!(refused, Err(Error::MacMismatch));
        }
    }

    fn cmac<C>(&self, key: &[u8])
    where
        C: KeyInit + CmacCipher + BlockCipherEncrypt<BlockSize: CmacBlockSize> + ZeroizeOnDrop,
    {
        let peer = cmac::Cmac::<C>::new_from_slice(key).unwrap().chain_update(self.data);
        let expected = peer.finalize().into_bytes();
        self.holds(|| Cmac::<C>::new(key).unwrap(), C::block_size());
        self.is(Cmac::<C>::new(key).unwrap(), &expected);
        self.by_trait::<Cmac<C>>(key, &expected);
    }

    fn cbc_mac<C>(&self, key: &[u8], padding: Padding)
    where
        C: KeyInit + BlockCipherEncrypt + ZeroizeOnDrop,
    {
        let begin = |padding| CbcMac::<C>::new(key, padding).unwrap();
        self.holds(|| begin(padding), C::block_size());
        let expected = cbc_mac::<C>(key, padding, self.data);
        self.is(begin(padding), &expected);
        self.announced_wrongly(begin);
        match padding {
            Padding::Method1 => {
                self.by_trait::<Padded<CbcMac<C>, ZeroPadding>>(key, &expected);
                if let Ok(x9_9) = CbcMac::x9_9(key) {
                    self.is(x9_9, &expected);
                }
            }
            Padding::Method2 => self.by_trait::<Padded<CbcMac<C>, BitPadding>>(key, &expected),
            _ => {}
        }
    }

    /// RustCrypto's trait gives the same, also anew after a reset, and so it does under our rules.
    fn by_trait<M: Mac + KeyInit + FixedOutputReset>(&self, key: &[u8], expected: &[u8]) {
        let (before, after) = self.data.split_at(self.cut % (self.data.len() + 1));
        let pieces =
            |begun: M| after.chunks(self.piece).fold(begun.chain_update(before), M::chain_update);
        let mut begun = pieces(M::new_from_slice(key).unwrap());
        assert!(Authenticator::<M>::new(&[]).is_err());
        assert_eq!(begun.finalize_reset().into_bytes()[..], *expected);
        Mac::update(&mut begun, after);
        Mac::reset(&mut begun);
        assert!(pieces(begun).verify_slice(expected).is_ok());
        let ruled = Authenticator::<M>::new(key).unwrap().chain(self.data);
        assert_eq!(ruled.verify(expected, expected.len()), Ok(()));
    }

    /// UnionPay's, of one length. That other data have another one is no more than likely: it is short.
    fn unionpay<C: BlockCipherEncrypt>(&self, begin: impl Fn() -> UnionPayMac<C>, expected: &str) {
        let (before, after) = self.data.split_at(self.cut % (self.data.len() + 1));
        let pieces = || after.chunks(self.piece).fold(begin().chain(before), UnionPayMac::chain);
        assert_eq!(pieces().finalize().as_bytes(), expected.as_bytes());
        assert_hidden(&begin(), "UnionPayMac");
        assert_eq!(begin().chain(self.data).verify(expected.as_bytes()), Ok(()));
        let mut wrong = expected.as_bytes().to_vec();
        for place in 0..8 {
            wrong[place] ^= self.change;
            assert_eq!(pieces().verify(&wrong), Err(Error::MacMismatch), "character {place}");
            wrong[place] ^= self.change;
            assert_eq!(pieces().verify(&wrong[..place]), Err(Error::MacMismatch));
        }
        wrong.push(self.change);
        assert_eq!(pieces().verify(&wrong), Err(Error::MacMismatch));
    }

    fn is<M: Code>(&self, begun: M, expected: &[u8]) {
        assert_eq!(begun.take(self.data).end(expected.len()).unwrap().as_bytes(), expected);
    }

    fn announced_wrongly<M: Code>(&self, begin: impl Fn(Padding) -> M) {
        let data_len = u64::try_from(self.data.len()).unwrap() + u64::from(self.change);
        let code = begin(Padding::Method3 { data_len }).take(self.data);
        assert_eq!(code.end(MIN_MAC_LEN).err(), Some(Error::DataLength));
    }
}

/// What the codes have in common.
trait Code: Sized + Debug {
    const NAMES: &[&str] = &["Authenticator", "CbcMac", "Cmac", "RetailMac"];

    fn take(self, data: &[u8]) -> Self;
    fn end(self, len: usize) -> Result<Tag, Error>;
    fn check(self, code: &[u8], len: usize) -> Result<(), Error>;
}

macro_rules! code {
    ($([$($bound:tt)*] $code:ty;)+) => {$(
        impl<$($bound)*> Code for $code {
            fn take(self, data: &[u8]) -> Self {
                self.chain(data)
            }

            fn end(self, len: usize) -> Result<Tag, Error> {
                self.finalize(len)
            }

            fn check(self, code: &[u8], len: usize) -> Result<(), Error> {
                self.verify(code, len)
            }
        }
    )+};
}

code! {
    [M: Mac] Authenticator<M>;
    [C: BlockCipherEncrypt] CbcMac<C>;
    [C: BlockCipherEncrypt<BlockSize: CmacBlockSize>] Cmac<C>;
    [] RetailMac;
}

/// Algorithm 1 with all of the data padded first.
fn cbc_mac<C: KeyInit + BlockCipherEncrypt>(key: &[u8], padding: Padding, data: &[u8]) -> Vec<u8> {
    let cipher = C::new_from_slice(key).unwrap();
    padded(data, padding, C::block_size()).chunks(C::block_size()).fold(
        vec![0; C::block_size()],
        |state, block| {
            let mixed: Vec<u8> = state.iter().zip(block).map(|(a, b)| a ^ b).collect();
            enciphered(&cipher, &mixed)
        },
    )
}

/// Algorithm 3: algorithm 1 under the first key, its output deciphered under the second and enciphered under the first.
fn retail_mac(key: &[u8], padding: Padding, data: &[u8]) -> Vec<u8> {
    let (first, second) = key.split_at(8);
    let output = cbc_mac::<Des>(first, padding, data);
    let mut block = Block::<Des>::try_from(&output[..]).unwrap();
    Des::new_from_slice(second).unwrap().decrypt_block(&mut block);
    enciphered(&Des::new_from_slice(first).unwrap(), &block)
}

/// UnionPay's with all of the data padded first, and its digits as a string.
fn unionpay<C: KeyInit + BlockCipherEncrypt>(key: &[u8], data: &[u8]) -> String {
    let cipher = C::new_from_slice(key).unwrap();
    let size = C::block_size();
    let xor = |a: &[u8], b: &[u8]| a.iter().zip(b).map(|(a, b)| a ^ b).collect::<Vec<u8>>();
    let padded = padded(data, Padding::Method1, size);
    let digits = hex(&padded.chunks(size).fold(vec![0; size], |sum, block| xor(&sum, block)));
    let (first, second) = digits.as_bytes().split_at(size);
    let output = enciphered(&cipher, &xor(&enciphered(&cipher, first), second));
    hex(&output[..4])
}

fn enciphered<C: BlockCipherEncrypt + BlockSizeUser>(cipher: &C, block: &[u8]) -> Vec<u8> {
    let mut block = Block::<C>::try_from(block).unwrap();
    cipher.encrypt_block(&mut block);
    block.to_vec()
}

fn padded(data: &[u8], padding: Padding, size: usize) -> Vec<u8> {
    let mut padded = data.to_vec();
    if padding == Padding::Method2 {
        padded.push(0x80);
    }
    while padded.is_empty() || !padded.len().is_multiple_of(size) {
        padded.push(0);
    }
    if let Padding::Method3 { data_len } = padding {
        let bits = u128::from(data_len) * 8;
        padded = [&bits.to_be_bytes()[16 - size..], &padded].concat();
    }
    padded
}
