use crate::table::table;
use core::{iter, ptr::drop_in_place, slice, str::FromStr};
use dukpt::KeySerialNumber;

/// Initial keys with the serial numbers that are asked for.
type Keys =
    iter::Copied<slice::Iter<'static, (&'static dukpt::tdes::InitialKey, dukpt::tdes::Ksn)>>;

table!(DUKPT_TDES {
    dukpt::tdes::InitialKeyId::from_bytes,
    dukpt::tdes::InitialKeyId::to_bytes,
    <dukpt::tdes::InitialKeyId as TryFrom<&[u8]>>::try_from,
    <dukpt::tdes::InitialKeyId as FromStr>::from_str,
    dukpt::tdes::KeyCache::new,
    dukpt::tdes::KeyCache::id,
    dukpt::tdes::KeyCache::transaction_key,
    drop_in_place::<dukpt::tdes::KeyCache>,
    dukpt::tdes::Ksn::new,
    dukpt::tdes::Ksn::from_bytes,
    dukpt::tdes::Ksn::from_8_bytes_with_ffff_in_front,
    dukpt::tdes::Ksn::to_bytes,
    dukpt::tdes::Ksn::initial_key_id,
    dukpt::tdes::Ksn::counter,
    dukpt::tdes::Ksn::one_bits,
    dukpt::tdes::Ksn::check_counter,
    dukpt::tdes::Ksn::next,
    dukpt::tdes::Ksn::keys_left,
    dukpt::tdes::Ksn::from_parts,
    dukpt::tdes::Ksn::key_set_id,
    dukpt::tdes::Ksn::device_id,
    <dukpt::tdes::Ksn as KeySerialNumber>::initial_key_id,
    <dukpt::tdes::Ksn as KeySerialNumber>::counter,
    <dukpt::tdes::Ksn as KeySerialNumber>::check_counter,
    <dukpt::tdes::Ksn as TryFrom<&[u8]>>::try_from,
    <dukpt::tdes::Ksn as FromStr>::from_str,
    dukpt::tdes::KsnLayout::new,
    dukpt::tdes::KsnLayout::from_hex_digits,
    dukpt::tdes::KsnLayout::key_set_bits,
    dukpt::tdes::KsnLayout::device_bits,
    <dukpt::tdes::TransactionKeys<Keys> as Iterator>::next,
    <dukpt::tdes::TransactionKeys<Keys> as Iterator>::size_hint,
    dukpt::tdes::transaction_keys::<Keys>,
});
