//! No MAC takes anything from an allocator.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test says what it expects by panicking")]

use dukpt::mac::{Authenticator, CbcMac, Cmac, Padding, RetailMac, UnionPayMac};
use hmac::Hmac;
use sha2::Sha256;

#[test]
fn none_in_making_and_none_in_verifying() {
    let key = [0x42; 16];
    let data = [0x5A; 301];
    let counted = allocation_counter::measure(|| {
        for padding in [Padding::Method1, Padding::Method2, Padding::Method3 { data_len: 301 }] {
            let begin = || CbcMac::<des::TdesEde2>::new(&key, padding).unwrap().chain(data);
            begin().verify(begin().finalize(8).unwrap().as_bytes(), 8).unwrap();
            let begin = || RetailMac::new(&key, padding).unwrap().chain(data);
            begin().verify(begin().finalize(4).unwrap().as_bytes(), 4).unwrap();
        }
        let begin = || Cmac::<aes::Aes128>::new(&key).unwrap().chain(data);
        begin().verify(begin().finalize(16).unwrap().as_bytes(), 16).unwrap();
        let begin = || Authenticator::<Hmac<Sha256>>::new(&key).unwrap().chain(data);
        begin().verify(begin().finalize(32).unwrap().as_bytes(), 32).unwrap();
        let begin = || UnionPayMac::<des::TdesEde2>::new(&key).unwrap().chain(data);
        begin().verify(begin().finalize().as_bytes()).unwrap();
        assert!(begin().verify(b"00000000").is_err());
    });
    assert_eq!(counted.count_total, 0);
    // The counter counts.
    assert_eq!(allocation_counter::measure(|| drop(vec![0_u8; 8])).count_total, 1);
}
