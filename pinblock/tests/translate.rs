//! Translations: every pair of formats against a table, a slow twin, and what the ciphers are asked for.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use core::cell::Cell;

use aes::{Aes128, Aes256};
use cipher::{
    Block, BlockCipherDecClosure, BlockCipherDecrypt, BlockCipherEncClosure, BlockCipherEncrypt,
    BlockSizeUser, KeyInit,
};
use des::TdesEde2;
use pinblock::{
    Error, Format, Pan, Pin,
    rand_core::{TryCryptoRng, TryRng},
    translate::{Incoming, Outgoing, Translation},
    unionpay,
};
use proptest::{prelude::*, sample::select};
use sm4::Sm4;

const PAN: &str = "4111111111111111";
const OTHER: &str = "5413330089010434";

fn pan(digits: &str) -> Pan {
    digits.parse().unwrap()
}

fn tdes() -> TdesEde2 {
    TdesEde2::new(&0x0123456789ABCDEFFEDCBA9876543210_u128.to_be_bytes().into())
}

fn aes() -> Aes128 {
    Aes128::new(&[0x24; 16].into())
}

/// A cipher that counts how often it is used, as one in an HSM does.
struct Counted<C> {
    cipher: C,
    calls: Cell<u32>,
}

impl<C> Counted<C> {
    const fn new(cipher: C) -> Self {
        Self { cipher, calls: Cell::new(0) }
    }
}

impl<C: BlockSizeUser> BlockSizeUser for Counted<C> {
    type BlockSize = C::BlockSize;
}

impl<C: BlockCipherEncrypt> BlockCipherEncrypt for Counted<C> {
    fn encrypt_with_backend(&self, f: impl BlockCipherEncClosure<BlockSize = C::BlockSize>) {
        self.calls.set(self.calls.get() + 1);
        self.cipher.encrypt_with_backend(f);
    }
}

impl<C: BlockCipherDecrypt> BlockCipherDecrypt for Counted<C> {
    fn decrypt_with_backend(&self, f: impl BlockCipherDecClosure<BlockSize = C::BlockSize>) {
        self.calls.set(self.calls.get() + 1);
        self.cipher.decrypt_with_backend(f);
    }
}

/// A generator that gives 7s as often as it is told to, then fails.
struct Sevens(u32);

#[derive(Debug)]
struct UsedUp;

impl core::fmt::Display for UsedUp {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("used up")
    }
}

impl core::error::Error for UsedUp {}

impl TryRng for Sevens {
    type Error = UsedUp;

    fn try_next_u32(&mut self) -> Result<u32, UsedUp> {
        Err(UsedUp)
    }

    fn try_next_u64(&mut self) -> Result<u64, UsedUp> {
        Err(UsedUp)
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), UsedUp> {
        self.0 = self.0.checked_sub(1).ok_or(UsedUp)?;
        to.fill(7);
        Ok(())
    }
}

impl TryCryptoRng for Sevens {}

/// Runs a body with the cipher that a format needs.
macro_rules! with_cipher_of {
    ($format:expr, $cipher:ident => $body:expr) => {
        if $format == Format::Iso4 {
            let $cipher = Counted::new(aes());
            $body
        } else {
            let $cipher = Counted::new(tdes());
            $body
        }
    };
}

/// From a format in a row to one in a column, 0 to 4 and any legacy one: `=` with the same PAN, or a change that is allowed by
/// name; `x` under the exception for legacy input only, `!` never and `X` so even then, since format 1 unbinds; `2` never, since
/// format 2 is for chips; `l` never, since nothing becomes legacy.
const TABLE: [&str; 6] = [
    "= ! 2 = = l", // 0
    "= = 2 = = l", // 1
    "2 2 2 2 2 2", // 2
    "= ! 2 = = l", // 3
    "= ! 2 = = l", // 4
    "x X 2 x x l", // legacy
];

/// All formats, each with its place in the table.
fn places() -> impl Iterator<Item = (Format, usize)> {
    Format::ALL.into_iter().zip((0..5).chain(core::iter::repeat(5)))
}

#[test]
fn the_whole_matrix_is_as_the_table_says() {
    let (same, other) = (pan(PAN), pan(OTHER));
    let pin: Pin = "1234".parse().unwrap();
    let mut allowed = 0;
    for (from, row) in places() {
        for (to, column) in places() {
            let cell = TABLE[row].split(' ').nth(column).unwrap();
            for out_pan in [&same, &other] {
                for (legacy, change) in [(false, false), (true, false), (false, true), (true, true)]
                {
                    let changes = core::ptr::eq(out_pan, &other);
                    let expected = match cell {
                        "2" => Some(Error::TranslationOfFormat2),
                        "l" => Some(Error::TranslationToLegacy),
                        "x" | "X" if !legacy => Some(Error::TranslationFromLegacy),
                        "!" | "X" => Some(Error::TranslationToFormat1),
                        _ if changes && !change => Some(Error::TranslationPanChange),
                        _ => None,
                    };
                    with_cipher_of!(from, incoming => with_cipher_of!(to, outgoing => {
                        let block =
                            from.encipher(&incoming.cipher, &pin, Some(&same), &mut Sevens(1)).unwrap();
                        let mut translation = Translation::new(
                            Incoming::new(from, &incoming, Some(&same)),
                            Outgoing::new(to, &outgoing, Some(out_pan)),
                        );
                        if legacy {
                            translation = translation.allow_legacy_input();
                        }
                        if change {
                            translation = translation.allow_pan_change();
                        }
                        assert_eq!(translation.check().err(), expected, "{translation:?}");
                        assert_eq!((incoming.calls.get(), outgoing.calls.get()), (0, 0));
                        let found = translation.translate(&block, &mut Sevens(1));
                        let Ok(found) = found else {
                            assert_eq!(found.err(), expected, "{translation:?}");
                            // Neither side's cipher was asked for anything.
                            assert_eq!((incoming.calls.get(), outgoing.calls.get()), (0, 0));
                            continue;
                        };
                        assert_eq!(expected, None, "{translation:?}");
                        let again = to.decipher(&outgoing.cipher, &found, Some(out_pan)).unwrap();
                        assert_eq!(again.expose_digits().as_str(), "1234", "{translation:?}");
                        allowed += 1;
                    }));
                }
            }
        }
    }
    // 13 cells, 4 ways with the same PAN and 2 with another; half of these for 15 legacy formats into 3.
    assert_eq!(allowed, 13 * 6 + 15 * 3 * 3);
}

#[test]
fn an_unsound_block_never_reaches_the_outgoing_cipher() {
    let pan = pan(PAN);
    for from in [Format::Iso0, Format::Iso1, Format::Iso3, Format::Iso4] {
        for to in [Format::Iso0, Format::Iso3, Format::Iso4] {
            with_cipher_of!(from, incoming => with_cipher_of!(to, outgoing => {
                let translation = Translation::new(
                    Incoming::new(from, &incoming, Some(&pan)),
                    Outgoing::new(to, &outgoing, Some(&pan)),
                );
                let unsound = [0x5A; 16];
                let block = &unsound[..from.block_size()];
                assert_eq!(translation.translate(block, &mut Sevens(1)), Err(Error::InvalidBlock));
                assert_eq!(translation.translate_with_fill(block, &[]), Err(Error::InvalidBlock));
                assert!(incoming.calls.get() > 0);
                for length in (0..40).filter(|length| *length != from.block_size()) {
                    let bytes = vec![0x5A; length];
                    let found = translation.translate(&bytes, &mut Sevens(1));
                    assert_eq!(found, Err(Error::BlockLength));
                }
                assert_eq!(outgoing.calls.get(), 0);
            }));
        }
    }
}

#[test]
fn what_a_side_needs_is_asked_for_before_a_block_is_deciphered() {
    let pan = pan(PAN);
    let pan = Some(&pan);
    let (tdes, aes) = (Counted::new(tdes()), Counted::new(aes()));
    let block = [0; 16];
    let mut rng = Sevens(9);
    macro_rules! refused {
        ($error:ident: $incoming:expr, $outgoing:expr, $length:expr) => {{
            let translation = Translation::new($incoming, $outgoing);
            let refusal = Some(Error::$error);
            assert_eq!(translation.check().err(), refusal, "{translation:?}");
            assert_eq!(translation.translate(&block[..$length], &mut rng).err(), refusal);
            assert_eq!(translation.translate_with_fill(&block[..$length], &[]).err(), refusal);
        }};
    }
    use Format::{Iso0, Iso1, Iso2, Iso3, Iso4};
    refused!(PanMissing: Incoming::new(Iso0, &tdes, None), Outgoing::new(Iso4, &aes, pan), 8);
    refused!(PanMissing: Incoming::new(Iso3, &tdes, pan), Outgoing::new(Iso4, &aes, None), 8);
    refused!(PanMissing: Incoming::new(Iso1, &tdes, pan), Outgoing::new(Iso0, &tdes, None), 8);
    refused!(PanMissing: Incoming::unionpay(Iso0, &aes, None), Outgoing::new(Iso0, &tdes, pan), 16);
    refused!(CipherBlockSize: Incoming::new(Iso0, &aes, pan), Outgoing::new(Iso4, &aes, pan), 16);
    refused!(CipherBlockSize: Incoming::new(Iso4, &tdes, pan), Outgoing::new(Iso4, &aes, pan), 8);
    refused!(CipherBlockSize: Incoming::new(Iso0, &tdes, pan), Outgoing::new(Iso3, &aes, pan), 8);
    refused!(CipherBlockSize: Incoming::new(Iso0, &tdes, pan), Outgoing::new(Iso4, &tdes, pan), 8);
    refused!(CipherBlockSize: Incoming::unionpay(Iso0, &tdes, pan), Outgoing::new(Iso0, &tdes, pan), 8);
    refused!(CipherBlockSize: Incoming::new(Iso0, &tdes, pan), Outgoing::unionpay(Iso0, &tdes, pan), 8);
    refused!(UnsupportedFormat: Incoming::unionpay(Iso4, &aes, pan), Outgoing::new(Iso0, &tdes, pan), 16);
    refused!(UnsupportedFormat: Incoming::new(Iso0, &tdes, pan), Outgoing::unionpay(Iso4, &aes, pan), 8);
    // The rule comes first.
    refused!(TranslationOfFormat2: Incoming::new(Iso2, &aes, None), Outgoing::new(Iso0, &aes, None), 16);
    refused!(TranslationToFormat1: Incoming::new(Iso0, &aes, None), Outgoing::new(Iso1, &aes, None), 16);
    assert_eq!((tdes.calls.get(), aes.calls.get()), (0, 0));
}

#[test]
fn a_legacy_format_asks_for_its_pan_before_a_block_is_deciphered() {
    let pan = pan(PAN);
    for from in Format::ALL.into_iter().filter(|format| format.is_legacy()) {
        for zeros_follow in [false, true] {
            let (tdes, outgoing) = (Counted::new(tdes()), Counted::new(aes()));
            let to = || Outgoing::new(Format::Iso4, &outgoing, Some(&pan));
            let (found, calls) = if zeros_follow {
                let aes = Counted::new(aes());
                let way = Translation::new(Incoming::unionpay(from, &aes, None), to())
                    .allow_legacy_input();
                assert_eq!(way.check().is_err(), from.needs_pan(), "{from}");
                (way.translate(&[0x5A; 16], &mut Sevens(1)).err(), aes.calls.get())
            } else {
                let way =
                    Translation::new(Incoming::new(from, &tdes, None), to()).allow_legacy_input();
                assert_eq!(way.check().is_err(), from.needs_pan(), "{from}");
                (way.translate(&[0x5A; 8], &mut Sevens(1)).err(), tdes.calls.get())
            };
            assert_eq!(found == Some(Error::PanMissing), from.needs_pan(), "{from}");
            assert_eq!(calls, u32::from(!from.needs_pan()), "{from}");
        }
    }
}

#[test]
fn a_failing_generator_is_an_error_where_a_fill_is_random() {
    let pan = pan(PAN);
    let incoming = tdes();
    let pin: Pin = "1234".parse().unwrap();
    let block = Format::Iso1.encipher(&incoming, &pin, None, &mut Sevens(1)).unwrap();
    for to in [Format::Iso0, Format::Iso1, Format::Iso3, Format::Iso4] {
        with_cipher_of!(to, outgoing => {
            let translation = Translation::new(
                Incoming::new(Format::Iso1, &incoming, None),
                Outgoing::new(to, &outgoing, Some(&pan)),
            );
            let found = translation.translate(&block, &mut Sevens(0)).err();
            let random = to != Format::Iso0;
            assert_eq!(found, random.then_some(Error::Rng));
            assert_eq!(outgoing.calls.get(), u32::from(!random));
        });
    }
}

#[test]
fn a_fill_is_as_the_outgoing_format_wants_it() {
    let pan = pan(PAN);
    let (incoming, outgoing) = (tdes(), Counted::new(tdes()));
    let pin: Pin = "1234".parse().unwrap();
    let block = Format::Iso0.encipher(&incoming, &pin, Some(&pan), &mut Sevens(0)).unwrap();
    let translation = Translation::new(
        Incoming::new(Format::Iso0, &incoming, Some(&pan)),
        Outgoing::new(Format::Iso3, &outgoing, Some(&pan)),
    );
    let with_fill = |fill: &[u8]| translation.translate_with_fill(&block, fill).err();
    assert_eq!(with_fill(&[0xA; 9]), Some(Error::FillLength));
    assert_eq!(with_fill(&[9; 10]), Some(Error::FillValue));
    assert_eq!(outgoing.calls.get(), 0);
    assert_eq!(with_fill(&[0xA; 10]), None);
}

#[test]
fn a_side_and_a_translation_show_their_formats_alone() {
    let (pan, cipher) = (pan(PAN), tdes());
    let incoming = Incoming::new(Format::Iso0, &cipher, Some(&pan));
    let outgoing = Outgoing::new(Format::Iso3, &cipher, Some(&pan));
    let sides = format!("{incoming:?} {outgoing:?}");
    let translation = format!("{:?}", Translation::new(incoming, outgoing));
    assert_eq!(
        (sides.as_str(), translation.as_str()),
        ("Incoming(iso0) Outgoing(iso3)", "Translation(iso0 to iso3)")
    );
}

/// What one side does in two steps, which are the slow way.
trait Slow: Sized {
    fn decipher(&self, format: Format, block: &[u8], pan: &Pan) -> Result<Pin, Error>;
    fn encipher(&self, format: Format, pin: &Pin, pan: &Pan) -> Vec<u8>;
}

struct Plain<C>(C);
struct WithZeros<C>(C);

macro_rules! slow {
    ($($cipher:ty),+) => {$(
        impl Slow for Plain<$cipher> {
            fn decipher(&self, format: Format, block: &[u8], pan: &Pan) -> Result<Pin, Error> {
                format.decipher(&self.0, block, Some(pan))
            }

            fn encipher(&self, format: Format, pin: &Pin, pan: &Pan) -> Vec<u8> {
                let block: Block<$cipher> =
                    format.encipher(&self.0, pin, Some(pan), &mut Sevens(1)).unwrap();
                block.to_vec()
            }
        }
    )+};
}

slow!(TdesEde2, Aes256);

impl Slow for WithZeros<Sm4> {
    fn decipher(&self, format: Format, block: &[u8], pan: &Pan) -> Result<Pin, Error> {
        unionpay::decipher(&self.0, format, block.try_into().unwrap(), Some(pan))
    }

    fn encipher(&self, format: Format, pin: &Pin, pan: &Pan) -> Vec<u8> {
        unionpay::encipher(&self.0, format, pin, Some(pan), &mut Sevens(1)).unwrap().to_vec()
    }
}

fn two_steps(
    from: (&impl Slow, Format, &Pan),
    to: (&impl Slow, Format, &Pan),
    block: &[u8],
) -> Result<Vec<u8>, Error> {
    let pin = from.0.decipher(from.1, block, from.2)?;
    Ok(to.0.encipher(to.1, &pin, to.2))
}

/// What may come in under a cipher of 8 bytes.
fn eight_bytes() -> Vec<Format> {
    Format::ALL.into_iter().filter(|f| !matches!(f, Format::Iso2 | Format::Iso4)).collect()
}

/// The longest PIN that a format takes, ISO 9564's 12 digits but for some legacy ones.
fn longest(format: Format) -> usize {
    match format {
        Format::Eci2 => 4,
        Format::Eci3 | Format::Visa2 | Format::Docutel2 => 6,
        Format::Ibm3621 => 11,
        _ => 12,
    }
}

proptest! {
    /// With a block that is sound, one that has a bit flipped, and any other.
    #[test]
    fn is_deciphering_and_enciphering(
        digits in "[0-9]{4,12}", pan in "[0-9]{2,19}", in_key: [u8; 16], out_key: [u8; 32], any: [u8; 16], bit in 0..64_usize,
        from in select(eight_bytes()), to in select(&[Format::Iso0, Format::Iso3][..]),
    ) {
        let digits = &digits[..digits.len().min(longest(from))];
        let (pin, pan): (Pin, Pan) = (digits.parse().unwrap(), pan.parse().unwrap());
        let tdes = Plain(TdesEde2::new(&in_key.into()));
        let aes = Plain(Aes256::new(&out_key.into()));
        let sm4 = WithZeros(Sm4::new(&in_key.into()));
        macro_rules! hold {
            ($side:ident $in:ident $from:expr => $out_side:ident $out:ident $to:expr) => {{
                let sound = $in.encipher($from, &pin, &pan);
                let mut flipped = sound.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                let translation = Translation::new(
                    Incoming::$side($from, &$in.0, Some(&pan)),
                    Outgoing::$out_side($to, &$out.0, Some(&pan)),
                )
                .allow_legacy_input();
                for block in [&sound[..], &flipped, &any[..sound.len()]] {
                    let expected = two_steps((&$in, $from, &pan), (&$out, $to, &pan), block);
                    let found = translation.translate(block, &mut Sevens(1));
                    prop_assert_eq!(found.map(|block| block.to_vec()), expected);
                }
                prop_assert!(translation.translate(&sound, &mut Sevens(1)).is_ok());
            }};
        }
        hold!(new tdes from => new tdes to);
        hold!(new tdes from => new aes Format::Iso4);
        hold!(new aes Format::Iso4 => new tdes to);
        hold!(new aes Format::Iso4 => new aes Format::Iso4);
        hold!(unionpay sm4 from => new tdes to);
        hold!(new tdes from => unionpay sm4 to);
        hold!(unionpay sm4 from => new aes Format::Iso4);
        hold!(unionpay sm4 from => unionpay sm4 to);
    }

    /// A changed PAN binds the block that goes out, and only that.
    #[test]
    fn an_allowed_change_of_pan_binds_to_the_new_one(
        digits in "[0-9]{4,12}", from in select(&[Format::Iso0, Format::Iso3][..]), key: [u8; 16],
    ) {
        let (pin, old, new) = (digits.parse::<Pin>().unwrap(), pan(PAN), pan(OTHER));
        let (tdes, aes) = (TdesEde2::new(&key.into()), Aes128::new(&key.into()));
        let block = from.encipher(&tdes, &pin, Some(&old), &mut Sevens(1)).unwrap();
        let found = Translation::new(
            Incoming::new(from, &tdes, Some(&old)),
            Outgoing::new(Format::Iso4, &aes, Some(&new)),
        )
        .allow_pan_change()
        .translate(&block, &mut Sevens(1))
        .unwrap();
        let again = Format::Iso4.decipher(&aes, &found, Some(&new)).unwrap();
        prop_assert!(again.expose_digits().as_str() == digits);
        let by_old = Format::Iso4.decipher(&aes, &found, Some(&old));
        prop_assert!(by_old.is_err());
    }
}
