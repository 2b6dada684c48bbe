//! Key blocks take nothing from an allocator, neither opened nor made nor refused.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test says what it expects by panicking")]

use getrandom::{SysRng, rand_core::UnwrapErr};
use hex_literal::hex;
use keyblock::{
    AesKbpk, Ceremony, Error, Header, Kcv, KcvMethod, KeyBlock, OptionalBlock, Profile,
    ProtectionKey, TdesKbpk, UnwrappedKey, Version, Wrap,
};

// ASC X9 TR 31-2018, A.7.4.
const KBPK: [u8; 32] = hex!("88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6");
const BLOCK: &[u8] = b"D0112P0AE00E0000\
    B82679114F470F540165EDFBF7E250FCEA43F810D215F8D207E2E417C07156A2\
    7E8E31DA05F7425509593D03A457DC34";

/// Wraps a key under a version, and opens that again.
fn wrapped_and_opened(
    version: Version,
    protection: &impl ProtectionKey,
    key: &UnwrappedKey<'_>,
) -> Result<(), Error> {
    let header = Header { version, ..key.header() };
    let label = [OptionalBlock::new(*b"LB", b"terminal 1")?];
    let wrap = Wrap::new(header, Profile::LENIENT).optional_blocks(&label);
    let mut text = [0; 256];
    let text = wrap.wrap_key(protection, key.expose_bytes(), &mut UnwrapErr(SysRng), &mut text)?;
    let mut buffer = [0; 64];
    let block = KeyBlock::parse(text, Profile::LENIENT)?;
    assert_eq!(block.optional_blocks().find(*b"LB").unwrap().data(), b"terminal 1");
    let again = block.unwrap_key(protection, &mut buffer)?;
    assert_eq!(again.expose_bytes(), key.expose_bytes());
    Ok(())
}

fn every_version() -> Result<(), Error> {
    let aes = AesKbpk::new(&KBPK)?;
    let tdes = TdesKbpk::new(&hex!("0123456789ABCDEFFEDCBA9876543210"))?;
    let mut buffer = [0; 64];
    let key = KeyBlock::parse(BLOCK, Profile::TR31_2018)?.unwrap_key(&aes, &mut buffer)?;
    for version in [Version::D, Version::E] {
        wrapped_and_opened(version, &aes, &key)?;
        wrapped_and_opened(version, &aes.keep(version)?, &key)?;
    }
    for version in [Version::A, Version::B, Version::C] {
        wrapped_and_opened(version, &tdes, &key)?;
        wrapped_and_opened(version, &tdes.keep(version)?, &key)?;
    }
    Ok(())
}

fn refused() -> Error {
    let other = AesKbpk::new(&[0x42; 32]).unwrap();
    let mut buffer = [0; 64];
    let block = KeyBlock::parse(BLOCK, Profile::TR31_2018).unwrap();
    block.unwrap_key(&other, &mut buffer).unwrap_err()
}

#[test]
fn none_in_opening_and_none_in_wrapping() {
    let counted = allocation_counter::measure(|| every_version().unwrap());
    assert_eq!(counted.count_total, 0);
    let counted = allocation_counter::measure(|| assert_eq!(refused(), Error::MacMismatch));
    assert_eq!(counted.count_total, 0);
    // The counter counts.
    assert_eq!(allocation_counter::measure(|| drop(vec![0_u8; 8])).count_total, 1);
}

#[test]
fn none_in_a_ceremony() {
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
