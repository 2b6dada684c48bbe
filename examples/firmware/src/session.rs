//! What every image does, and the tests too: keys loaded, two purchases, a power cut, one more.

use core::fmt::{self, Write};

use pinblock::Pin;

use crate::Error;
use crate::card::Card;
use crate::chip_data::CDOL_DATA_LEN;
use crate::flash::Flash;
use crate::pin_pad::{MESSAGE_LEN, PinPad, Sale};
use crate::scheme::Scheme;
use crate::test_data::{self, PublishedBytes};
use crate::transcript::{Hex, line};

/// Loads the keys and makes the purchases before the power cut.
///
/// # Errors
/// What stopped it.
pub fn before_power_cut<S: Scheme<N>, const N: usize, F: Flash>(
    pad: &mut PinPad<S, N, F>,
    key_block: &[u8],
    kbpk: &[u8],
    console: &mut impl Write,
) -> Result<(), Error> {
    let mut rng = PublishedBytes::new();
    console.write_str("scheme ")?;
    console.write_str(S::NAME)?;
    console.write_str("\n")?;
    pad.install(key_block, kbpk)?;
    keys_left(pad, console)?;
    let visa = sale(test_data::VISA, test_data::VISA_PIN, 1_999, &mut rng)?;
    purchase(pad, &visa, &mut rng, console)?;
    let mastercard = sale(test_data::MASTERCARD, test_data::MASTERCARD_PIN, 123_456, &mut rng)?;
    purchase(pad, &mastercard, &mut rng, console)
}

/// Goes on from what is in flash.
///
/// # Errors
/// What stopped it.
pub fn after_power_cut<S: Scheme<N>, const N: usize, F: Flash>(
    pad: &mut PinPad<S, N, F>,
    console: &mut impl Write,
) -> Result<(), Error> {
    console.write_str("restart\n")?;
    pad.restart()?;
    let mut rng = PublishedBytes::after_restart();
    let visa = sale(test_data::VISA, test_data::VISA_PIN, 5, &mut rng)?;
    purchase(pad, &visa, &mut rng, console)?;
    Ok(keys_left(pad, console)?)
}

fn sale(
    card: Card<'static>,
    pin: &[u8],
    amount: u64,
    rng: &mut PublishedBytes,
) -> Result<Sale<'static>, Error> {
    let mut unpredictable_number = [0; 4];
    rng.fill(&mut unpredictable_number);
    let pin = Pin::from_ascii(pin)?;
    Ok(Sale { card, amount, pin, moment: test_data::MOMENT, unpredictable_number })
}

fn purchase<S: Scheme<N>, const N: usize, F: Flash>(
    pad: &mut PinPad<S, N, F>,
    sale: &Sale<'_>,
    rng: &mut PublishedBytes,
    console: &mut impl Write,
) -> Result<(), Error> {
    show_card(sale, console)?;
    let mut buffer = [0; MESSAGE_LEN];
    let outgoing = pad.purchase(sale, rng, &mut buffer)?;
    line(console, "ksn", S::ksn_bytes(&outgoing.ksn).as_ref())?;
    Ok(line(console, "0200", outgoing.message)?)
}

/// The card as a receipt shows it, and what it is asked.
fn show_card(sale: &Sale<'_>, console: &mut impl Write) -> Result<(), Error> {
    let name = sale.card.require(emv_tlv::tags::DF_NAME)?;
    writeln!(console, "card {} {}", Hex(name), sale.card.pan()?)?;
    let mut buffer = [0; CDOL_DATA_LEN];
    let data = sale.terminal_values().cdol1_data(&sale.card, &mut buffer)?;
    Ok(line(console, "generate ac", data)?)
}

fn keys_left<S: Scheme<N>, const N: usize, F: Flash>(
    pad: &PinPad<S, N, F>,
    console: &mut impl Write,
) -> fmt::Result {
    writeln!(console, "keys left {}", pad.keys_left())
}
