//! Message authentication codes.

use aes::{Aes128, Aes256};
use cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use des::{Des, TdesEde2, TdesEde3};
use dukpt::{
    Error,
    mac::{Authenticator, CbcMac, Cmac, MIN_MAC_LEN, Padding, RetailMac, Tag},
};
use hmac::Hmac;
use sha2::{Sha256, Sha512};

use crate::choices::Choices;

/// A code over data in pieces is the code over the data at once, verifies as it is, and not with any byte changed.
///
/// Choices: `u8` algorithm, `u8` padding, `[u8; 32]` key, `u8` length of the code, `u16` where to cut and `u8` how long the
/// pieces are after the cut, `u16` byte of the data to change, `u8` by what; then the data. The codes of ISO/IEC 9797-1 algorithms 1 and 3 are those of a slow
/// twin as well.
pub fn mac_incremental(data: &[u8]) {
    let mut choices = Choices::new(data);
    let algorithm = choices.u8() % 9;
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
        0 => case.holds(|| Cmac::<Aes128>::new(double).unwrap(), 16),
        1 => case.holds(|| Cmac::<Aes256>::new(&key).unwrap(), 16),
        2 => case.holds(|| Cmac::<TdesEde2>::new(double).unwrap(), 8),
        3 => case.holds(|| Cmac::<TdesEde3>::new(triple).unwrap(), 8),
        4 => case.holds(|| Authenticator::<Hmac<Sha256>>::new(double).unwrap(), 32),
        5 => case.holds(|| Authenticator::<Hmac<Sha512>>::new(&key).unwrap(), 64),
        6 => {
            let begin = |padding| CbcMac::<Des>::new(single, padding).unwrap();
            case.holds(|| begin(padding), 8);
            case.is(begin(padding), &cbc_mac::<Des>(single, padding, case.data));
            case.announced_wrongly(begin);
        }
        7 => {
            let begin = |padding| CbcMac::<Aes128>::new(double, padding).unwrap();
            case.holds(|| begin(padding), 16);
            case.is(begin(padding), &cbc_mac::<Aes128>(double, padding, case.data));
            case.announced_wrongly(begin);
        }
        _ => {
            let begin = |padding| RetailMac::new(double, padding).unwrap();
            case.holds(|| begin(padding), 8);
            case.is(begin(padding), &retail_mac(double, padding, case.data));
            case.announced_wrongly(begin);
        }
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
trait Code: Sized {
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
    [M: hmac::Mac] Authenticator<M>;
    [C: BlockCipherEncrypt] CbcMac<C>;
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
