//! Reading and writing a message takes nothing from an allocator.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test says what it expects by panicking"
)]

use iso8583_wire::dialect::{ISO87_ASCII, ISO87_BCD};
use iso8583_wire::{Encoder, Error, MessageRef, Mti, Rules, Spec};

fn purchase<'b>(spec: &Spec<'_>, buffer: &'b mut [u8]) -> Result<&'b [u8], Error> {
    let mut encoder = Encoder::new(spec, Mti::from_digits(b"0200")?, buffer)?;
    encoder.text(2, "4111111111111111")?.number(3, 0)?.number(4, 1_999)?.number(11, 42)?;
    encoder.text(35, "4111111111111111=28122011234567890")?.text(41, "TERM0001")?;
    encoder.bytes(52, &[0xA5; 8])?.number(70, 301)?;
    encoder.finish_with_mac()?.seal(&[7; 8])
}

#[test]
fn none_in_reading_and_none_in_writing() {
    for spec in [&ISO87_ASCII, &ISO87_BCD] {
        let mut buffer = [0; 512];
        let counted = allocation_counter::measure(|| {
            let wire = purchase(spec, &mut buffer).unwrap();
            let message = MessageRef::parse(spec, wire).unwrap();
            assert_eq!(message.require(4).unwrap().to_u64(), Some(1_999));
            assert_eq!(message.iter().count(), 9);
            assert!(message.mac_input().is_some());
            assert!(message.validate(&Rules::NONE, |_| ()));
            let mut text = [0; 64];
            assert_eq!(message.require(35).unwrap().copy_text(&mut text).unwrap().len(), 34);
            assert!(MessageRef::parse(spec, &wire[..wire.len() - 1]).is_err());
            assert!(MessageRef::parse_partial(spec, &wire[..40]).fault().is_some());
        });
        assert_eq!(counted.count_total, 0, "{}", spec.name());
        // The counter counts.
        assert_eq!(allocation_counter::measure(|| drop(vec![0_u8; 8])).count_total, 1);
    }
}
