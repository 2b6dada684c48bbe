//! Known answers at start-up.

use crate::aes::InitialKeyId;
use crate::key::Aes;
use crate::mac::{Authenticator, CbcMac, Cmac, Padding, RetailMac, UnionPayMac};
use crate::{Error, aes, tdes};
use ::aes::{Aes128, Aes192, Aes256};
use cipher::consts::U16;
use cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::{Des, TdesEde2, TdesEde3};
use hmac::{EagerHash, Hmac};
use zeroize::ZeroizeOnDrop;

/// What every algorithm has to answer, in the order of the tests, eight bytes a word.
#[rustfmt::skip]
static ANSWERS: [u64; 72] = [
    // TDES DUKPT, ANSI X9.24-1:2009 A.4: the initial key, and the transaction key of FFFF9876543210EFF800.
    0x6AC2_92FA_A131_5B4D, 0x858A_B3A3_D7D5_933A,
    0xF9CD_FEBF_4F5B_1D9E, 0xB3EC_1245_4527_E176,
    // Its PIN block, and the first block of data under both keys with the final self-encryption.
    0x3336_5F5C_C6F2_3C35,
    0x5FF8_C648_5659_75E7,
    0x2660_EB36_50AE_B3E3,
    // The data keys without it: the transaction key and the two masks.
    0xF9CD_FEBF_4FA4_1D9E, 0xB3EC_1245_45D8_E176,
    0xF9CD_FE40_4F5B_1D9E, 0xB3EC_12BA_4527_E176,
    // Retail MACs of request and response, of which the standard prints four bytes; CMACs (openemv).
    0x23E3_CB62_478E_6EA4,
    0x5776_C376_71CD_7AF9,
    0x8632_9357_5AA4_68D7,
    0x8E70_A73A_6118_5B55,
    // AES DUKPT, ANSI X9.24-3:2017 supplement, base key of 128 bits: the initial key, and of counter 7 the
    // transaction key and the keys for PIN, MAC generation and data encryption.
    0x1273_671E_A26A_C29A, 0xFA4D_1084_1276_52A1,
    0xA825_3CEE_D9AC_042C, 0x54F7_5D35_C835_2278,
    0x6ECF_912F_3B18_CA11, 0xA7A2_7BB6_0705_FD09,
    0xBAA0_8CA2_63C6_9525, 0xBC6B_1BA8_F427_5D69,
    0x0FA8_F1F0_A2DD_7B10, 0x05A8_62D7_7CDE_D698,
    // Of counter 1, by the rules of the standard: a TDES3 key for PINs, a TDES2 key for MACs.
    0xEA8B_3F37_EB9B_1583, 0x1167_EF29_77FD_8762, 0xD9B5_913F_3576_6F6A,
    0x5D8F_D787_E8A7_96D0, 0x7035_FFCA_9B58_00BB,
    // Of counter 8, own: an HMAC128 key for MACs.
    0x852E_FA07_5533_EB43, 0x341F_DDCF_BDD9_EC1C,
    // The update key.
    0x9A97_70AE_E1AC_D1B1, 0x3473_D046_3A18_83B9,
    // Base key of 192 bits (own, and openemv's): the initial key, and of counter 00845FED the MAC key; the update key.
    0x5B6D_EE2B_5B7F_ABFF, 0xA325_91F3_5BF8_F23D, 0xD932_9AE8_5131_E584,
    0xFDB0_572D_1541_3615, 0x9312_87E3_D5FB_DB38, 0x6C14_49A8_7BB9_9978,
    0x8222_D2B5_467D_432E, 0x1226_9F5C_85FF_9F3F, 0x4655_28EF_503A_7C11,
    // Base key of 256 bits, the supplement: the initial key, the transaction key of counter 7, its AES128 key for PINs;
    // the update key.
    0xCE9C_E0C1_01D1_138F, 0x97FB_6CAD_4DF0_45A7, 0x083D_4EAE_2D35_A317, 0x89D0_1CCF_0949_550F,
    0x88D0_ACA2_87B3_066F, 0x5DE0_C933_9633_7D4C, 0x2DA8_D92C_1F72_0A57, 0x6D62_CEB4_C979_E01E,
    0xB7C6_BB18_7134_E9D4, 0x29C3_E8B7_CCBD_8477,
    0xAEFB_210C_1362_78A1, 0x279F_7C88_15F4_46DB, 0x8EBE_2AA9_10B1_57AA, 0x4E64_84D8_DE9C_4807,
    // CBC-MAC with paddings 1, 2, 3: ISO/IEC 9797-1:2011 B.2. Retail MAC: B.4 with padding 1, own ones with 2 and 3.
    0xE45B_3AD2_B7CC_0856,
    0x10E1_F0F1_0834_1B6D,
    0x2C58_FB8F_F12A_AEAC,
    0x2E2B_1428_CC78_254F,
    0x7E2A_EA5C_F35F_DC0E,
    0xC59F_7EED_328D_DD69,
    // CMAC, NIST SP 800-38B: AES of 128, 192 and 256 bits, TDES of two and three keys.
    0xDFA6_6747_DE9A_E630, 0x30CA_3261_1497_C827,
    0x8A1D_E5BE_2EB3_1AAD, 0x089A_82E6_EE90_8B0E,
    0x28A7_023F_452E_8F82, 0xBD4B_F28D_8C37_C35C,
    0x62DD_1B47_1902_BD4E,
    0x8E8F_2931_3628_3797,
    // UnionPay's ECB MAC: the characters 91D1BEC1.
    0x3931_4431_4245_4331,
];

/// HMAC-SHA-256 of RFC 4231, test case 2.
static HMAC_SHA256: [u64; 4] =
    [0x5BDC_C146_BF60_754E, 0x6A04_2426_0895_75C7, 0x5A00_3F08_9D27_3983, 0x9DEC_58B9_64EC_3843];

/// HMAC-SHA-384 of RFC 4231, test case 2.
static HMAC_SHA384: [u64; 6] = [
    0xAF45_D2E3_7648_4031,
    0x617F_78D2_B58A_6B1B,
    0x9C7E_F464_F5A0_1B47,
    0xE42E_C373_6322_445E,
    0x8E22_40CA_5E69_E2C7,
    0x8B32_39EC_FAB2_1649,
];

/// HMAC-SHA-512 of RFC 4231, test case 2.
static HMAC_SHA512: [u64; 8] = [
    0x164B_7A7B_FCF8_19E2,
    0xE395_FBE7_3B56_E0A3,
    0x87BD_6422_2E83_1FD6,
    0x1027_0CD7_EA25_0554,
    0x9758_BF75_C05A_994A,
    0x6D03_4F65_F8F0_E6FD,
    0xCAEA_B1A3_4D4A_6B4B,
    0x636E_070A_38BC_E737,
];

/// SM4's block of GB/T 32907-2016, example 1; then its CMAC and its CBC-MAC with padding 1, which are own ones.
static SM4: [u64; 6] = [
    0x681E_DF34_D206_965E,
    0x86B3_E94F_536E_4246,
    0x4C20_1919_96FC_B4DE,
    0xCC29_2337_3430_9750,
    0x5C3A_3366_E55B_7C9F,
    0x1909_11BA_04A8_B636,
];

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
    aes_dukpt(answers)?;
    iso_9797_1(answers)?;
    cmac(answers)?;
    unionpay(answers)
}

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
    answers.check(request.retail_mac(padding).chain(SALE).finalize(8)?.as_bytes())?;
    answers.check(response.retail_mac(padding).chain(SALE).finalize(8)?.as_bytes())?;
    answers.check(request.cmac().chain(SALE).finalize(8)?.as_bytes())?;
    answers.check(response.cmac().chain(SALE).finalize(8)?.as_bytes())
}

fn aes_dukpt(answers: &mut Answers<'_>) -> Result<(), Error> {
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
    answers.check(initial_key.update_key(aes::KeyType::Aes128)?.expose_bytes())?;

    let initial_key = aes_initial_key::<24>(answers)?;
    let transaction = initial_key.transaction_key(&aes::Ksn::new(id, 0x0084_5FED))?;
    answers.check(transaction.mac_generation_key().expose_bytes())?;
    answers.check(initial_key.update_key(aes::KeyType::Aes192)?.expose_bytes())?;

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

fn iso_9797_1(answers: &mut Answers<'_>) -> Result<(), Error> {
    let (key, _) = KEY.split_at(8);
    let (it, all) = ("Now is the time for it", "Now is the time for all ");
    let mac = |padding| CbcMac::<Des>::new(key, padding);
    answers.check(CbcMac::x9_9(key)?.chain(it).finalize(8)?.as_bytes())?;
    answers.check(mac(Padding::Method2)?.chain(all).finalize(8)?.as_bytes())?;
    answers.check(mac(Padding::Method3 { data_len: 24 })?.chain(all).finalize(8)?.as_bytes())?;

    let mac = |padding| RetailMac::new(&KEY, padding);
    let tag = RetailMac::x9_19(&KEY)?.chain(it).finalize(8)?;
    answers.check(tag.as_bytes())?;
    let block = 0x1122_3344_5566_7788_u64.to_be_bytes();
    answers.check(mac(Padding::Method2)?.chain(block).finalize(8)?.as_bytes())?;
    answers.check(mac(Padding::Method3 { data_len: 22 })?.chain(it).finalize(8)?.as_bytes())?;

    // The comparison itself: a right MAC is one, a wrong one and a short one are none.
    mac(Padding::Method1)?.chain(it).verify(tag.as_bytes(), 8)?;
    refused(mac(Padding::Method1)?.chain(all).verify(tag.as_bytes(), 8))?;
    refused(mac(Padding::Method1)?.chain(it).verify(tag.as_bytes(), 4))
}

fn cmac(answers: &mut Answers<'_>) -> Result<(), Error> {
    let key = 0x2B7E_1516_28AE_D2A6_ABF7_1588_09CF_4F3C_u128.to_be_bytes();
    let mac = Cmac::<Aes128>::new(&key)?;
    answers.check(mac.chain(NIST_DATA).finalize(16)?.as_bytes())?;
    let key = b"\x8E\x73\xB0\xF7\xDA\x0E\x64\x52\xC8\x10\xF3\x2B\x80\x90\x79\xE5\x62\xF8\xEA\xD2\x52\x2C\x6B\x7B";
    let mac = Cmac::<Aes192>::new(key)?;
    answers.check(mac.chain(NIST_DATA).finalize(16)?.as_bytes())?;
    let key = b"\x60\x3D\xEB\x10\x15\xCA\x71\xBE\x2B\x73\xAE\xF0\x85\x7D\x77\x81\x1F\x35\x2C\x07\x3B\x61\x08\xD7\x2D\x98\x10\xA3\x09\x14\xDF\xF4";
    let mac = Cmac::<Aes256>::new(key)?;
    let (block, _) = NIST_DATA.split_at(16);
    answers.check(mac.chain(block).finalize(16)?.as_bytes())?;
    let key = 0x4CF1_5134_A285_0DD5_8A3D_10BA_8057_0D38_u128.to_be_bytes();
    let mac = Cmac::<TdesEde2>::new(&key)?;
    let (part, _) = NIST_DATA.split_at(20);
    answers.check(mac.chain(part).finalize(8)?.as_bytes())?;
    let key = b"\x8A\xA8\x3B\xF8\xCB\xDA\x10\x62\x0B\xC1\xBF\x19\xFB\xB6\xCD\x58\xBC\x31\x3D\x4A\x37\x1C\xA8\xB5";
    let mac = Cmac::<TdesEde3>::new(key)?;
    let (block, _) = NIST_DATA.split_at(8);
    answers.check(mac.chain(block).finalize(8)?.as_bytes())
}

fn unionpay(answers: &mut Answers<'_>) -> Result<(), Error> {
    let data = b"\x11\x12\x13\x14\x15\x16\x17\x18\x28\x27\x26\x25\x24\x23\x22\x21\x31\x32\x33\x34\x35\x36\x37\x38\x44\x43\x42\x41";
    let tag = UnionPayMac::<Des>::new(&[0x33; 8])?.chain(data).finalize();
    answers.check(tag.as_bytes())?;
    UnionPayMac::<Des>::new(&[0x33; 8])?.chain(data).verify(tag.as_bytes())
}

fn hmac<D: EagerHash<Core: ZeroizeOnDrop>>(answer: &[u64]) -> Result<(), Error> {
    whole(answer, |answers| {
        let mac = Authenticator::<Hmac<D>>::new(b"Jefe")?.chain("what do ya want for nothing?");
        answers.check(mac.finalize(answers.0.len().saturating_mul(8))?.as_bytes())
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
    answers.check(Cmac::<C>::new(&KEY)?.chain(it).finalize(16)?.as_bytes())?;
    answers.check(CbcMac::<C>::new(&KEY, Padding::Method1)?.chain(it).finalize(16)?.as_bytes())
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
        for word in 0..N {
            for bit in [0, 31, 63] {
                let mut other = *known;
                other[word] ^= 1 << bit;
                assert_eq!(whole(&other, &tests), Err(Error::SelfTest), "word {word}");
            }
        }
        assert_eq!(whole(&known[..N - 1], &tests), Err(Error::SelfTest));
        let mut more = [0; 128];
        more[..N].copy_from_slice(known);
        assert_eq!(whole(&more[..=N], &tests), Err(Error::SelfTest));
    }

    #[test]
    fn each_answer_can_fail() {
        fails_for_every_other_answer(&ANSWERS, all);
        fails_for_every_other_answer(&SM4, sm4::<Sm4>);
        for bit in 0..256 {
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
