//! Nothing on the way from a key block to a key, and back, needs an allocator.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by panicking")]

use keyblock::key::PinEncryptionKey;
use keyblock::{
    AesKbpk, Ceremony, Kcv, KcvMethod, KeyBlock, OptionalBlock, Profile, TdesKbpk, Version, Wrap,
};

/// TR-31:2018, A.7.4 and A.7.3.
const D: (&[u8], &[u8]) = (
    &hex_literal::hex!("88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6"),
    b"D0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D2\
      07E2E417C07156A27E8E31DA05F7425509593D03A457DC34",
);
const B: (&[u8], &[u8]) = (
    &hex_literal::hex!("DD7515F2BFC17F85CE48F3CA25CB21F6"),
    b"B0080P0TE00E000094B420079CC80BA3461F86FE26EFC4A3B8E4FA4C5F5341176EED7B727B8A248E",
);

#[test]
fn blocks_are_opened_and_wrapped_without_an_allocation() {
    let counted = allocation_counter::measure(|| {
        let kbpk = AesKbpk::new(D.0).unwrap();
        let kept = kbpk.keep(Version::D).unwrap();
        let block = KeyBlock::parse(D.1, Profile::TR31_2018).unwrap();
        let mut buffer = [0; 64];
        block.unwrap_key(&kept, &mut buffer).unwrap();
        let unwrapped = block.unwrap_key(&kbpk, &mut buffer).unwrap();
        let key: PinEncryptionKey = unwrapped.to_key().unwrap();
        let labels = [OptionalBlock::new(*b"LB", b"terminal 1").unwrap()];
        let mut text = [0; 256];
        let wrap = Wrap::new(block.header(), Profile::TR31_2018).optional_blocks(&labels);
        let pad = [7; 14];
        wrap.wrap_key_with_pad(&kbpk, key.expose_bytes(), &pad, &mut text).unwrap();

        drop(unwrapped);

        let kbpk = TdesKbpk::new(B.0).unwrap();
        let block = KeyBlock::parse(B.1, Profile::TR31_2018).unwrap();
        let unwrapped = block.unwrap_key(&kbpk, &mut buffer).unwrap();
        let _: PinEncryptionKey = unwrapped.to_key().unwrap();
    });
    assert_eq!(counted.count_total, 0);
    // The counter counts.
    assert_eq!(allocation_counter::measure(|| drop(vec![0_u8; 8])).count_total, 1);
}

#[test]
fn a_ceremony_needs_no_allocation() {
    let counted = allocation_counter::measure(|| {
        let check = |key: &[u8]| Kcv::tdes(KcvMethod::Legacy, key);
        let mut ceremony = Ceremony::begin(2, 16, check).unwrap();
        ceremony.add(&[0x11; 16]).unwrap();
        ceremony.add(&[0x22; 16]).unwrap();
        let mut key = [0; 16];
        ceremony.finish(&mut key).unwrap();
        assert_eq!(key, [0x33; 16]);
    });
    assert_eq!(counted.count_total, 0);
}
