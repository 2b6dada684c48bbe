//! Neither a host nor a MAC takes anything from an allocator.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test says what it expects by panicking")]

use dukpt::mac::{Authenticator, CbcMac, Cmac, Padding, RetailMac, UnionPayMac};
use dukpt::{ReplayGuard, aes, tdes};
use hex_literal::hex;
use hmac::Hmac;
use sha2::Sha256;

#[test]
fn none_on_an_aes_host() {
    let counted = allocation_counter::measure(|| {
        let bdk = aes::Bdk::from_bytes(&hex!("FEDCBA9876543210F1F1F1F1F1F1F1F1"));
        let ksn: aes::Ksn = "123456789012345600000006".parse().unwrap();
        let mut guard = ReplayGuard::new(aes::Ksn::new(ksn.initial_key_id(), 0));
        let fresh = guard.check(&ksn).unwrap();
        let initial_key = bdk.initial_key(ksn.initial_key_id());
        let mut cache = aes::KeyCache::new(&initial_key);
        let transaction = cache.transaction_key(&ksn).unwrap();
        let request = transaction.mac_generation_key().cmac().chain("4012345678909D987");
        request.verify(&hex!("05222AE91471C590"), 8).unwrap();
        fresh.accept();
        let mut data = [0; 32];
        transaction.data_encryption_key().decrypt_cbc(&[0; 16], &mut data).unwrap();
        drop(transaction.pin_key().cipher::<::aes::Aes128>());
        for key_type in aes::KeyType::ALL {
            let _ = transaction.working_key(aes::KeyUsage::MacBoth, *key_type);
        }
        let next = ksn.next().unwrap();
        let pairs = [(&initial_key, ksn), (&initial_key, next)];
        assert_eq!(aes::transaction_keys(pairs).filter(Result::is_ok).count(), 2);
        let handle = transaction.pin_key().cipher::<::aes::Aes128>();
        let key = aes::TransactionKey::<16>::derive_with(&handle, &next).unwrap();
        assert!(key.mac_verification_key().cmac().chain("answer").finalize(8).is_ok());
        drop(initial_key.update_key(aes::KeyType::Aes128).unwrap());
    });
    assert_eq!(counted.count_total, 0);
    // The counter counts.
    assert_eq!(allocation_counter::measure(|| drop(vec![0_u8; 8])).count_total, 1);
}

#[test]
fn none_on_a_tdes_host() {
    let counted = allocation_counter::measure(|| {
        let bdk = tdes::Bdk::from_bytes(&hex!("0123456789ABCDEFFEDCBA9876543210"));
        let ksn: tdes::Ksn = "FFFF9876543210E00011".parse().unwrap();
        assert_eq!(ksn.device_id(tdes::KsnLayout::DIGITS_6_5_5), 0x1_9087);
        let id = ksn.initial_key_id();
        let mut guard = ReplayGuard::new(tdes::Ksn::new(id, 0).unwrap());
        let fresh = guard.check(&ksn).unwrap();
        let initial_key = bdk.initial_key(id);
        let mut cache = tdes::KeyCache::new(&initial_key);
        let transaction = cache.transaction_key(&ksn).unwrap();
        let request = transaction.mac_request_key().retail_mac(Padding::Method1);
        request.chain("4012345678909D987").verify(&hex!("F094AF93"), 4).unwrap();
        fresh.accept();
        let mut data = [0; 32];
        transaction.data_request_key().decrypt_cbc(&[0; 8], &mut data).unwrap();
        drop(transaction.pin_key().cipher::<des::TdesEde2>());
        let pairs = [(&initial_key, ksn), (&initial_key, ksn.next().unwrap())];
        assert_eq!(tdes::transaction_keys(pairs).filter(Result::is_ok).count(), 2);
        let made = tdes::InitialKey::try_derive_with(id, |_, _| Ok::<(), ()>(()));
        drop(made.unwrap().transaction_key_lax(&ksn).unwrap());
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn none_in_making_and_none_in_verifying_a_mac() {
    let key = [0x42; 16];
    let data = [0x5A; 301];
    let counted = allocation_counter::measure(|| {
        for padding in [Padding::Method1, Padding::Method2, Padding::Method3 { data_len: 301 }] {
            let begin = || CbcMac::<des::TdesEde2>::new(&key, padding).unwrap().chain(data);
            begin().verify(begin().finalize(8).unwrap().as_bytes(), 8).unwrap();
            let begin = || RetailMac::new(&key, padding).unwrap().chain(data);
            begin().verify(begin().finalize(4).unwrap().as_bytes(), 4).unwrap();
        }
        let begin = || Cmac::<::aes::Aes128>::new(&key).unwrap().chain(data);
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
