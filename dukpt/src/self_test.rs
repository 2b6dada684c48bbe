//! Known answers at start-up.

mod answers;

use crate::aes::InitialKeyId;
use crate::key::Aes;
use crate::mac::{
    Authenticator, CbcMac, Cmac, CmacBlockSize, Padding, RetailMac, Tag, UnionPayMac,
};
use crate::{Error, aes, tdes};
use ::aes::{Aes128, Aes192, Aes256};
use answers::{ANSWERS, HMAC_SHA256, HMAC_SHA384, HMAC_SHA512, SM4};
use cipher::consts::U16;
use cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::{Des, TdesEde2, TdesEde3};
use hmac::{EagerHash, Hmac};
use zeroize::ZeroizeOnDrop;

/// The key of most published examples.
const KEY: [u8; 16] = 0x0123_4567_89AB_CDEF_FEDC_BA98_7654_3210_u128.to_be_bytes();

/// The first 16 bytes of the base keys of ANSI X9.24-3; then these come once more.
const AES_BDK: [u8; 16] = 0xFEDC_BA98_7654_3210_F1F1_F1F1_F1F1_F1F1_u128.to_be_bytes();

/// The initial key id of the examples of ANSI X9.24-3.
const AES_ID: [u8; 8] = 0x1234_5678_9012_3456_u64.to_be_bytes();

/// The message of the examples of ANSI X9.24.
const SALE: &[u8] = b"4012345678909D987";

/// The messages of NIST SP 800-38B are so many bytes of this.
const NIST_DATA: [u8; 40] = *b"\x6B\xC1\xBE\xE2\x2E\x40\x9F\x96\xE9\x3D\x7E\x11\x73\x93\x17\x2A\
    \xAE\x2D\x8A\x57\x1E\x03\xAC\x9C\x9E\xB7\x6F\xAC\x45\xAF\x8E\x51\
    \x30\xC8\x1C\x46\xA3\x5C\xE4\x11";

/// Known answers of every algorithm of this crate that needs nothing from its caller, as firmware has to ask for them
/// at start-up.
///
/// Both DUKPTs with their working keys, CBC-MAC with paddings 1 to 3, the retail MAC, CMAC over AES and triple DES, and
/// UnionPay's ECB MAC; a right MAC has to verify, a wrong one not. What comes from the caller has a test of its own:
/// [`self_test_hmac`] and [`self_test_sm4`].
///
/// # Errors
/// [`Error::SelfTest`]: an answer is another one. Use nothing of this crate then.
///
/// # Security
/// It finds a broken build, flash or memory, not a manipulated one.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), dukpt::Error> {
/// dukpt::self_test()?;
/// dukpt::self_test_hmac::<sha2::Sha256>()?;
/// # Ok(()) }
/// ```
///
/// Source: ANSI X9.24-1:2009; ANSI X9.24-3:2017, supplement; ISO/IEC 9797-1:2011, annex B; NIST SP 800-38B, examples.
pub fn self_test() -> Result<(), Error> {
    whole(&ANSWERS, all)
}

/// The known answer of HMAC with the hash `D`: SHA-256, SHA-384 or SHA-512.
///
/// # Errors
/// [`Error::SelfTest`]: the answer is another one, as it is with any other hash.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), dukpt::Error> {
/// dukpt::self_test_hmac::<sha2::Sha512>()?;
/// # Ok(()) }
/// ```
///
/// Source: RFC 4231, test case 2.
pub fn self_test_hmac<D: EagerHash<Core: ZeroizeOnDrop>>() -> Result<(), Error> {
    hmac::<D>(&HMAC_SHA256)
        .or_else(|_| hmac::<D>(&HMAC_SHA384))
        .or_else(|_| hmac::<D>(&HMAC_SHA512))
}

/// Known answers of SM4, given as `C`, and of CMAC and CBC-MAC over it.
///
/// # Errors
/// [`Error::SelfTest`]: an answer is another one, as it is with any other cipher.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), dukpt::Error> {
/// dukpt::self_test_sm4::<sm4::Sm4>()?;
/// # Ok(()) }
/// ```
///
/// Source: GB/T 32907-2016, example 1, for the cipher.
pub fn self_test_sm4<C>() -> Result<(), Error>
where
    C: KeyInit + BlockCipherEncrypt<BlockSize = U16> + ZeroizeOnDrop,
{
    whole(&SM4, sm4::<C>)
}

/// Answers that are still to be given.
struct Answers<'a>(&'a [u64]);

impl Answers<'_> {
    /// Whether the next answer is this one, which is of whole words.
    fn check(&mut self, answer: &[u8]) -> Result<(), Error> {
        let (words, rest) = answer.as_chunks();
        let (expected, others) = self.0.split_at_checked(words.len()).ok_or(Error::SelfTest)?;
        self.0 = others;
        let same =
            words.iter().zip(expected).all(|(word, known)| u64::from_be_bytes(*word) == *known);
        if same && rest.is_empty() { Ok(()) } else { Err(Error::SelfTest) }
    }

    /// The same of a MAC, which is made in a frame of its own: the stack holds one at a time.
    #[inline(never)]
    fn check_tag(&mut self, make: impl FnOnce() -> Result<Tag, Error>) -> Result<(), Error> {
        self.check(make()?.as_bytes())
    }
}

/// Runs tests, which have to give all of the answers.
fn whole(
    answers: &[u64],
    tests: impl FnOnce(&mut Answers<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut answers = Answers(answers);
    match tests(&mut answers) {
        Ok(()) if answers.0.is_empty() => Ok(()),
        _ => Err(Error::SelfTest),
    }
}

fn all(answers: &mut Answers<'_>) -> Result<(), Error> {
    tdes_dukpt(answers)?;
    aes_128_dukpt(answers)?;
    aes_192_dukpt(answers)?;
    aes_256_dukpt(answers)?;
    iso_9797_1(answers)?;
    cmacs(answers)?;
    unionpay(answers)
}

#[inline(never)]
fn tdes_dukpt(answers: &mut Answers<'_>) -> Result<(), Error> {
    const PIN_BLOCK: u64 = 0x0412_74ED_CBA9_876F;
    let ksn = tdes::Ksn::try_from(&b"\xFF\xFF\x98\x76\x54\x32\x10\xEF\xF8\x00"[..])?;
    let initial_key = tdes::Bdk::from_bytes(&KEY).initial_key(ksn.initial_key_id());
    answers.check(initial_key.expose_bytes())?;
    let transaction = initial_key.transaction_key(&ksn)?;
    answers.check(transaction.expose_bytes())?;

    let cipher = transaction.pin_key().cipher::<TdesEde2>();
    let mut block = Block::<TdesEde2>::from(PIN_BLOCK.to_be_bytes());
    cipher.encrypt_block(&mut block);
    answers.check(&block)?;
    cipher.decrypt_block(&mut block);
    same(&block, &PIN_BLOCK.to_be_bytes())?;

    let (request, response) = (transaction.data_request_key(), transaction.data_response_key());
    let mut data = *b"40123456";
    request.encrypt_cbc(&[0; 8], &mut data)?;
    answers.check(&data)?;
    request.decrypt_cbc(&[0; 8], &mut data)?;
    response.encrypt_cbc(&[0; 8], &mut data)?;
    answers.check(&data)?;
    let request = transaction.data_request_key_without_self_encryption();
    answers.check(request.expose_bytes())?;
    let response = transaction.data_response_key_without_self_encryption();
    answers.check(response.expose_bytes())?;

    let (request, response) = (transaction.mac_request_key(), transaction.mac_response_key());
    let padding = Padding::Method1;
    answers.check_tag(|| request.retail_mac(padding).chain(SALE).finalize(8))?;
    answers.check_tag(|| response.retail_mac(padding).chain(SALE).finalize(8))?;
    answers.check_tag(|| request.cmac().chain(SALE).finalize(8))?;
    answers.check_tag(|| response.cmac().chain(SALE).finalize(8))
}

#[inline(never)]
fn aes_128_dukpt(answers: &mut Answers<'_>) -> Result<(), Error> {
    let id = InitialKeyId::from_bytes(AES_ID);
    let initial_key = aes_initial_key::<16>(answers)?;
    let transaction = initial_key.transaction_key(&aes::Ksn::new(id, 7))?;
    answers.check(transaction.expose_bytes())?;
    answers.check(transaction.pin_key().expose_bytes())?;
    answers.check(transaction.mac_generation_key().expose_bytes())?;
    answers.check(transaction.data_encryption_key().expose_bytes())?;
    let transaction = initial_key.transaction_key(&aes::Ksn::new(id, 1))?;
    let key: aes::PinKey<24, aes::Tdes> = transaction.derive();
    answers.check(key.expose_bytes())?;
    let key: aes::MacGenerationKey<16, aes::Tdes> = transaction.derive();
    answers.check(key.expose_bytes())?;
    let transaction = initial_key.transaction_key(&aes::Ksn::new(id, 8))?;
    let key: aes::MacGenerationKey<16, aes::Hmac> = transaction.derive();
    answers.check(key.expose_bytes())?;
    answers.check(initial_key.update_key(aes::KeyType::Aes128)?.expose_bytes())
}

#[inline(never)]
fn aes_192_dukpt(answers: &mut Answers<'_>) -> Result<(), Error> {
    let id = InitialKeyId::from_bytes(AES_ID);
    let initial_key = aes_initial_key::<24>(answers)?;
    let transaction = initial_key.transaction_key(&aes::Ksn::new(id, 0x0084_5FED))?;
    answers.check(transaction.mac_generation_key().expose_bytes())?;
    answers.check(initial_key.update_key(aes::KeyType::Aes192)?.expose_bytes())
}

#[inline(never)]
fn aes_256_dukpt(answers: &mut Answers<'_>) -> Result<(), Error> {
    let id = InitialKeyId::from_bytes(AES_ID);
    let initial_key = aes_initial_key::<32>(answers)?;
    let transaction = initial_key.transaction_key(&aes::Ksn::new(id, 7))?;
    answers.check(transaction.expose_bytes())?;
    let key: aes::PinKey<16> = transaction.derive();
    answers.check(key.expose_bytes())?;
    answers.check(initial_key.update_key(aes::KeyType::Aes256)?.expose_bytes())
}

fn aes_initial_key<const N: usize>(answers: &mut Answers<'_>) -> Result<aes::InitialKey<N>, Error>
where
    Aes: aes::BaseKey<N>,
{
    let mut bdk = [0; N];
    bdk.iter_mut().zip(AES_BDK.iter().cycle()).for_each(|(to, from)| *to = *from);
    let initial_key = aes::Bdk::from_bytes(&bdk).initial_key(InitialKeyId::from_bytes(AES_ID));
    answers.check(initial_key.expose_bytes())?;
    Ok(initial_key)
}

#[inline(never)]
fn iso_9797_1(answers: &mut Answers<'_>) -> Result<(), Error> {
    let (key, _) = KEY.split_at(8);
    let (it, all) = ("Now is the time for it", "Now is the time for all ");
    let mac = |padding| CbcMac::<Des>::new(key, padding);
    answers.check_tag(|| CbcMac::x9_9(key)?.chain(it).finalize(8))?;
    answers.check_tag(|| mac(Padding::Method2)?.chain(all).finalize(8))?;
    answers.check_tag(|| mac(Padding::Method3 { data_len: 24 })?.chain(all).finalize(8))?;

    let mac = |padding| RetailMac::new(&KEY, padding);
    let tag = RetailMac::x9_19(&KEY)?.chain(it).finalize(8)?;
    answers.check(tag.as_bytes())?;
    let block = 0x1122_3344_5566_7788_u64.to_be_bytes();
    answers.check_tag(|| mac(Padding::Method2)?.chain(block).finalize(8))?;
    answers.check_tag(|| mac(Padding::Method3 { data_len: 22 })?.chain(it).finalize(8))?;

    // The comparison itself: a right MAC is one, a wrong one and a short one are none.
    mac(Padding::Method1)?.chain(it).verify(tag.as_bytes(), 8)?;
    refused(mac(Padding::Method1)?.chain(all).verify(tag.as_bytes(), 8))?;
    refused(mac(Padding::Method1)?.chain(it).verify(tag.as_bytes(), 4))
}

fn cmacs(answers: &mut Answers<'_>) -> Result<(), Error> {
    let key = 0x2B7E_1516_28AE_D2A6_ABF7_1588_09CF_4F3C_u128.to_be_bytes();
    cmac::<Aes128>(answers, &key, NIST_DATA.len())?;
    let key = b"\x8E\x73\xB0\xF7\xDA\x0E\x64\x52\xC8\x10\xF3\x2B\x80\x90\x79\xE5\x62\xF8\xEA\xD2\x52\x2C\x6B\x7B";
    cmac::<Aes192>(answers, key, NIST_DATA.len())?;
    let key = b"\x60\x3D\xEB\x10\x15\xCA\x71\xBE\x2B\x73\xAE\xF0\x85\x7D\x77\x81\x1F\x35\x2C\x07\x3B\x61\x08\xD7\x2D\x98\x10\xA3\x09\x14\xDF\xF4";
    cmac::<Aes256>(answers, key, 16)?;
    let key = 0x4CF1_5134_A285_0DD5_8A3D_10BA_8057_0D38_u128.to_be_bytes();
    cmac::<TdesEde2>(answers, &key, 20)?;
    let key = b"\x8A\xA8\x3B\xF8\xCB\xDA\x10\x62\x0B\xC1\xBF\x19\xFB\xB6\xCD\x58\xBC\x31\x3D\x4A\x37\x1C\xA8\xB5";
    cmac::<TdesEde3>(answers, key, 8)
}

/// The whole CMAC of so many bytes of NIST's.
#[inline(never)]
fn cmac<C>(answers: &mut Answers<'_>, key: &[u8], data_len: usize) -> Result<(), Error>
where
    C: KeyInit + BlockCipherEncrypt<BlockSize: CmacBlockSize> + ZeroizeOnDrop,
{
    let (data, _) = NIST_DATA.split_at_checked(data_len).ok_or(Error::SelfTest)?;
    answers.check_tag(|| Cmac::<C>::new(key)?.chain(data).finalize(C::block_size()))
}

#[inline(never)]
fn unionpay(answers: &mut Answers<'_>) -> Result<(), Error> {
    let data = b"\x11\x12\x13\x14\x15\x16\x17\x18\x28\x27\x26\x25\x24\x23\x22\x21\x31\x32\x33\x34\x35\x36\x37\x38\x44\x43\x42\x41";
    let tag = UnionPayMac::<Des>::new(&[0x33; 8])?.chain(data).finalize();
    answers.check(tag.as_bytes())?;
    UnionPayMac::<Des>::new(&[0x33; 8])?.chain(data).verify(tag.as_bytes())
}

fn hmac<D: EagerHash<Core: ZeroizeOnDrop>>(answer: &[u64]) -> Result<(), Error> {
    whole(answer, |answers| {
        let mac = Authenticator::<Hmac<D>>::new(b"Jefe")?.chain("what do ya want for nothing?");
        answers.check_tag(|| mac.finalize(answers.0.len().saturating_mul(8)))
    })
}

fn sm4<C>(answers: &mut Answers<'_>) -> Result<(), Error>
where
    C: KeyInit + BlockCipherEncrypt<BlockSize = U16> + ZeroizeOnDrop,
{
    let mut block = Block::<C>::from(KEY);
    C::new_from_slice(&KEY).map_err(|_| Error::SelfTest)?.encrypt_block(&mut block);
    answers.check(&block)?;
    let it = "Now is the time for it";
    answers.check_tag(|| Cmac::<C>::new(&KEY)?.chain(it).finalize(16))?;
    answers.check_tag(|| CbcMac::<C>::new(&KEY, Padding::Method1)?.chain(it).finalize(16))
}

/// Whether a MAC that is none was taken for none.
fn refused(verified: Result<(), Error>) -> Result<(), Error> {
    if verified == Err(Error::MacMismatch) { Ok(()) } else { Err(Error::SelfTest) }
}

/// Whether what was enciphered comes back.
fn same(bytes: &[u8], others: &[u8]) -> Result<(), Error> {
    if bytes == others { Ok(()) } else { Err(Error::SelfTest) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::sm4::Sm4;
    use sha2::{Sha256, Sha384, Sha512, Sha512_256};

    #[test]
    fn the_algorithms_pass() {
        assert_eq!(self_test(), Ok(()));
        assert_eq!(self_test_hmac::<Sha256>(), Ok(()));
        assert_eq!(self_test_hmac::<Sha384>(), Ok(()));
        assert_eq!(self_test_hmac::<Sha512>(), Ok(()));
        assert_eq!(self_test_sm4::<Sm4>(), Ok(()));
    }

    #[test]
    fn another_hash_and_another_cipher_fail() {
        assert_eq!(self_test_hmac::<Sha512_256>(), Err(Error::SelfTest));
        assert_eq!(self_test_sm4::<Aes128>(), Err(Error::SelfTest));
    }

    /// Every word of the answers is asked for: with any bit of it changed, one left out or one too many, the test fails.
    fn fails_for_every_other_answer<const N: usize>(
        known: &[u64; N],
        tests: impl Fn(&mut Answers<'_>) -> Result<(), Error>,
    ) {
        assert_eq!(whole(known, &tests), Ok(()));
        // Miri takes a few words and one bit of them.
        for word in (0..N).step_by(if cfg!(miri) { 40 } else { 1 }) {
            let bits: &[u32] = if cfg!(miri) { &[31] } else { &[0, 31, 63] };
            for &bit in bits {
                let mut other = *known;
                other[word] ^= 1 << bit;
                assert_eq!(whole(&other, &tests), Err(Error::SelfTest), "word {word}");
            }
        }
        let (_, fewer) = known.split_last().unwrap();
        assert_eq!(whole(fewer, &tests), Err(Error::SelfTest));
        let mut more = [0; 128];
        more[..N].copy_from_slice(known);
        assert_eq!(whole(&more[..=N], &tests), Err(Error::SelfTest));
    }

    #[test]
    fn each_answer_can_fail() {
        fails_for_every_other_answer(&ANSWERS, all);
        fails_for_every_other_answer(&SM4, sm4::<Sm4>);
        for bit in (0..256).step_by(if cfg!(miri) { 85 } else { 1 }) {
            let mut other = HMAC_SHA256;
            other[bit / 64] ^= 1 << (bit % 64);
            assert_eq!(hmac::<Sha256>(&other), Err(Error::SelfTest));
        }
    }

    #[test]
    fn a_wrong_mac_that_verifies_fails() {
        assert_eq!(refused(Err(Error::MacMismatch)), Ok(()));
        assert_eq!(refused(Ok(())), Err(Error::SelfTest));
        assert_eq!(refused(Err(Error::MacLength)), Err(Error::SelfTest));
    }

    #[test]
    fn what_comes_back_otherwise_fails() {
        assert_eq!(same(&[1, 2], &[1, 2]), Ok(()));
        assert_eq!(same(&[1, 2], &[1, 3]), Err(Error::SelfTest));
    }
}
