use cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, KeyInit, KeySizeUser,
    consts::{U8, U16},
};
use subtle::{Choice, ConstantTimeEq};

use crate::{
    Error, Format, Pan, Pin,
    ibm3624::{self, DecimalisationTable, Offset, ValidationData},
    iso4,
    pvv::{self, Pvki, Pvv},
    unionpay,
};

/// The key of every known answer, for either cipher: a published test key.
const KEY: [u8; 16] = 0x0123_4567_89AB_CDEF_FEDC_BA98_7654_3210_u128.to_be_bytes();
const PIN: &[u8] = b"1234";
const PAN: &[u8] = b"4012345678909";

/// A block of 8 bytes that holds [`PIN`], for [`PAN`].
struct KnownBlock {
    format: Format,
    fill: &'static [u8],
    clear: u64,
    enciphered: u64,
}

static BLOCKS: [KnownBlock; 5] = [
    KnownBlock {
        format: Format::Iso0,
        fill: &[],
        clear: 0x0412_74ED_CBA9_876F,
        enciphered: 0xC03D_21CD_BCB0_C58B,
    },
    KnownBlock {
        format: Format::Iso1,
        fill: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        clear: 0x1412_3401_2345_6789,
        enciphered: 0x6468_55A2_3703_47D8,
    },
    KnownBlock {
        format: Format::Iso2,
        fill: &[],
        clear: 0x2412_34FF_FFFF_FFFF,
        enciphered: 0x9859_240A_E528_20C3,
    },
    KnownBlock {
        format: Format::Iso3,
        fill: &[10, 11, 12, 13, 14, 15, 10, 11, 12, 13],
        clear: 0x3412_74B9_F9B9_D35D,
        enciphered: 0xE608_87F6_A1FD_EFEC,
    },
    KnownBlock {
        format: Format::Ibm3624,
        fill: &[15],
        clear: 0x1234_FFFF_FFFF_FFFF,
        enciphered: 0x4F9A_BD36_7CCE_D1A7,
    },
];

const ISO4_FILL: [u8; 8] = 0x0011_2233_4455_6677_u64.to_be_bytes();
const ISO4_PIN_FIELD: [u8; 16] = 0x4412_34AA_AAAA_AAAA_0011_2233_4455_6677_u128.to_be_bytes();
const ISO4_PAN_FIELD: [u8; 16] = 0x1401_2345_6789_0900_0000_0000_0000_0000_u128.to_be_bytes();
const ISO4_BLOCK: [u8; 16] = 0xE7FD_FDF7_B106_901B_9C61_E361_2461_5D24_u128.to_be_bytes();
/// Format 0 and 8 zero bytes, as one block.
const UNIONPAY_BLOCK: [u8; 16] = 0x9FD8_B03D_D57A_9700_7FEE_7B07_A469_7EE3_u128.to_be_bytes();

/// Tests every algorithm of the crate by known answers, under the ciphers that the device uses: for its start-up.
///
/// `Tdes` is TDES with two keys, such as `des::TdesEde2`, `Aes` is AES-128, such as `aes::Aes128`. Formats 0 to 4 and, of
/// the legacy ones, IBM 3624 are tested clear and enciphered, in both directions, as is a format 0 block with 8 zero bytes, PVV
/// and offsets; so is that a wrong block, PVV and offset are refused. It takes 24 calls of a cipher and needs no random numbers.
///
/// # Errors
/// [`Error::SelfTest`] if a single answer is another.
///
/// # Examples
/// ```
/// use aes::Aes128;
/// use des::TdesEde2;
///
/// # fn main() -> Result<(), pinblock::Error> {
/// pinblock::self_test::<TdesEde2, Aes128>()?;
/// # Ok(())
/// # }
/// ```
/// Source: ANSI X9.24-1:2009, A.4, for the clear block of format 0; all others computed by psec 1.3.0, or where it lacks the
/// algorithm by a program of our own.
pub fn self_test<Tdes, Aes>() -> Result<(), Error>
where
    Tdes: KeyInit
        + KeySizeUser<KeySize = U16>
        + BlockCipherEncrypt<BlockSize = U8>
        + BlockCipherDecrypt,
    Aes: KeyInit
        + KeySizeUser<KeySize = U16>
        + BlockCipherEncrypt<BlockSize = U16>
        + BlockCipherDecrypt,
{
    let tdes = Tdes::new(&KEY.into());
    let aes = Aes::new(&KEY.into());
    let sound = eight_bytes(&tdes).and_then(|blocks| {
        Ok(blocks & sixteen_bytes(&aes)? & verification_value(&tdes)? & natural_pin(&tdes)?)
    });
    match sound {
        Ok(sound) if sound.into() => Ok(()),
        _ => Err(Error::SelfTest),
    }
}

fn eight_bytes<C>(cipher: &C) -> Result<Choice, Error>
where
    C: BlockCipherEncrypt<BlockSize = U8> + BlockCipherDecrypt,
{
    let (pin, pan) = (Pin::from_ascii(PIN)?, Pan::from_ascii(PAN)?);
    let mut sound = Choice::from(1);
    for known in &BLOCKS {
        let (format, pan) = (known.format, Some(&pan));
        let (clear, enciphered) = (known.clear.to_be_bytes(), known.enciphered.to_be_bytes());
        let found = format.encode_with_fill(&pin, pan, known.fill)?;
        sound &= found.expose_bytes().ct_eq(&clear);
        sound &= format.decode(&clear, pan)?.ct_eq(&pin);
        sound &= refused(format.decode(&(!known.clear).to_be_bytes(), pan));
        let found = format.encipher_with_fill(cipher, &pin, pan, known.fill)?;
        sound &= found.as_slice().ct_eq(&enciphered);
        sound &= format.decipher(cipher, &enciphered, pan)?.ct_eq(&pin);
    }
    Ok(sound)
}

fn sixteen_bytes<C>(cipher: &C) -> Result<Choice, Error>
where
    C: BlockCipherEncrypt<BlockSize = U16> + BlockCipherDecrypt,
{
    let (pin, pan) = (Pin::from_ascii(PIN)?, Pan::from_ascii(PAN)?);
    let found = iso4::encode_pin_field_with_fill(&pin, &ISO4_FILL);
    let mut sound = found.expose_bytes().ct_eq(&ISO4_PIN_FIELD);
    sound &= iso4::decode_pin_field(&ISO4_PIN_FIELD)?.ct_eq(&pin);
    sound &= refused(iso4::decode_pin_field(&ISO4_PAN_FIELD));
    sound &= iso4::encode_pan_field(&pan).expose_bytes().ct_eq(&ISO4_PAN_FIELD);
    sound &= iso4::encipher_with_fill(cipher, &pin, &pan, &ISO4_FILL).ct_eq(&ISO4_BLOCK);
    sound &= iso4::decipher(cipher, &ISO4_BLOCK, &pan)?.ct_eq(&pin);

    let (format, pan) = (Format::Iso0, Some(&pan));
    let found = unionpay::encipher_with_fill(cipher, format, &pin, pan, &[])?;
    sound &= found.ct_eq(&UNIONPAY_BLOCK);
    sound &= unionpay::decipher(cipher, format, &UNIONPAY_BLOCK, pan)?.ct_eq(&pin);
    Ok(sound)
}

/// One that needs the second scan, whose enciphered block is BE5A4BCDCBAD4ACF.
fn verification_value<C>(cipher: &C) -> Result<Choice, Error>
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    let (pin, pan) = (Pin::from_ascii(b"2059")?, Pan::from_ascii(b"0123456789110")?);
    let (index, known) = (Pvki::new(1)?, Pvv::from_ascii(b"5441")?);
    pvv::verify(cipher, &pan, index, &pin, &known)?;
    let wrong = Pvv::from_ascii(b"5442")?;
    let found = pvv::verify(cipher, &pan, index, &pin, &wrong);
    Ok(failed(found) & pvv::generate(cipher, &pan, index, &pin).ct_eq(&known))
}

/// 12 digits, so that each step goes over every place.
fn natural_pin<C>(cipher: &C) -> Result<Choice, Error>
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    let table = DecimalisationTable::from_ascii(b"9876543210987654")?;
    let data = ValidationData::from_ascii(b"4111111111111111")?;
    let (pin, offset) = (Pin::from_ascii(b"907856341209")?, Offset::from_ascii(b"601807970772")?);
    let natural = Pin::from_ascii(b"306059471537")?;
    let mut sound = ibm3624::natural_pin(cipher, &table, &data, 12)?.ct_eq(&natural);
    sound &= ibm3624::offset(cipher, &table, &data, &pin).ct_eq(&offset);
    sound &= ibm3624::pin_from_offset(cipher, &table, &data, &offset).ct_eq(&pin);
    ibm3624::verify(cipher, &table, &data, &pin, &offset)?;
    sound &= failed(ibm3624::verify(cipher, &table, &data, &natural, &offset));
    Ok(sound)
}

fn refused(found: Result<Pin, Error>) -> Choice {
    u8::from(matches!(found, Err(Error::InvalidBlock))).into()
}

fn failed(found: Result<(), Error>) -> Choice {
    u8::from(matches!(found, Err(Error::VerificationFailed))).into()
}
