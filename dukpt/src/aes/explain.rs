use super::derivation::{BaseKey, DerivationData};
use super::{Aes, Bdk, InitialKey, KeyType, KeyUsage, Ksn};
use crate::Error;
use crate::explain::{Explanation, Operation, Step, check_value};
use alloc::vec::Vec;

impl<const N: usize> Bdk<N>
where
    Aes: BaseKey<N>,
{
    /// Explains how a working key of a transaction comes about, whatever the counter is.
    ///
    /// Counter FFFFFFFF with the usage [`KeyUsage::KeyEncryption`] gives the [update key](InitialKey::update_key).
    ///
    /// # Errors
    /// [`Error::KeyTypeTooStrong`]: the key type is stronger than this key.
    /// [`Error::UsageNotAllowed`]: keys of this type do not have this usage.
    ///
    /// # Security
    /// The explanation holds every key of it; it shows none unless it is [exposed](Explanation::expose).
    ///
    /// Source: ANSI X9.24-3-2017.
    pub fn explain(
        &self,
        ksn: &Ksn,
        usage: KeyUsage,
        key_type: KeyType,
    ) -> Result<Explanation, Error> {
        let id = ksn.initial_key_id();
        let initial_key = self.initial_key(id);
        let data = DerivationData::initial_key(<Aes as BaseKey<N>>::KEY_TYPE, id);
        let steps = [
            Step::loaded(Operation::BaseKey, &[], &self.bytes, check_value::aes(&self.bytes)),
            Step::loaded(
                Operation::AesInitialKey,
                &blocks(data, N),
                &initial_key.bytes,
                check_value::aes(&initial_key.bytes),
            ),
        ];
        steps_after(Vec::from(steps), &initial_key, ksn, (usage, key_type))
    }
}

impl<const N: usize> InitialKey<N>
where
    Aes: BaseKey<N>,
{
    /// Explains how a working key of a transaction comes about, whatever the counter is.
    ///
    /// Counter FFFFFFFF with the usage [`KeyUsage::KeyEncryption`] gives the [update key](Self::update_key).
    ///
    /// # Errors
    /// [`Error::InitialKeyMismatch`]: the key serial number has another initial key id than this key.
    /// [`Error::KeyTypeTooStrong`]: the key type is stronger than this key.
    /// [`Error::UsageNotAllowed`]: keys of this type do not have this usage.
    ///
    /// # Security
    /// The explanation holds every key of it; it shows none unless it is [exposed](Explanation::expose).
    ///
    /// Source: ANSI X9.24-3-2017.
    pub fn explain(
        &self,
        ksn: &Ksn,
        usage: KeyUsage,
        key_type: KeyType,
    ) -> Result<Explanation, Error> {
        let check_value = check_value::aes(&self.bytes);
        let given = Step::loaded(Operation::GivenInitialKey, &[], &self.bytes, check_value);
        steps_after(Vec::from([given]), self, ksn, (usage, key_type))
    }
}

/// The key after each bit is the transaction key of the bits so far, so every key here is one of the derivation proper.
fn steps_after<const N: usize>(
    mut steps: Vec<Step>,
    initial_key: &InitialKey<N>,
    ksn: &Ksn,
    (usage, key_type): (KeyUsage, KeyType),
) -> Result<Explanation, Error>
where
    Aes: BaseKey<N>,
{
    let working_key = initial_key.transaction_key_lax(ksn)?.working_key(usage, key_type)?;
    let own_type = <Aes as BaseKey<N>>::KEY_TYPE;
    let mut rest = ksn.counter();
    let mut counter = 0;
    while let Some(bit) = rest.checked_ilog2() {
        rest ^= 1 << bit;
        counter |= 1 << bit;
        let so_far = Ksn::new(ksn.initial_key_id(), counter);
        let key = initial_key.transaction_key_lax(&so_far)?;
        let data = DerivationData::transaction(KeyUsage::KeyDerivation, own_type, &so_far);
        let operation = Operation::AesCounterBit { bit, counter };
        steps.push(Step::new(operation, &blocks(data, N), key.expose_bytes()));
    }
    let data = DerivationData::transaction(usage, key_type, ksn);
    let operation = Operation::AesWorkingKey { usage, key_type };
    steps.push(Step::new(operation, &blocks(data, key_type.len()), working_key.expose_bytes()));
    // The one use of a counter that no transaction has.
    let is_update_key = ksn.counter() == u32::MAX && usage == KeyUsage::KeyEncryption;
    let counter = if is_update_key { Ok(()) } else { ksn.check_counter() };
    Ok(Explanation::new(&ksn.to_bytes(), counter, steps))
}

/// The derivation data of a key of so many bytes: a block for up to 16 of them, two for more.
fn blocks(data: DerivationData, len: usize) -> Vec<u8> {
    let [first, second] = data.blocks();
    if len > 16 { [*first, *second].concat() } else { first.to_vec() }
}
