use super::derivation::Variant;
use super::{Bdk, InitialKey, Ksn, TransactionKey};
use crate::Error;
use crate::explain::{Explanation, Operation, Step, TdesUsage, check_value};
use alloc::vec::Vec;

impl Bdk {
    /// Explains how a working key of a transaction comes about, whatever the counter is.
    ///
    /// # Errors
    /// Those of [`InitialKey::explain`], of which none can come here: the initial key is derived for this very serial
    /// number.
    ///
    /// # Security
    /// The explanation holds every key of it; it shows none unless it is [exposed](Explanation::expose).
    ///
    /// Source: ANSI X9.24-1:2009.
    pub fn explain(&self, ksn: &Ksn, usage: TdesUsage) -> Result<Explanation, Error> {
        let id = ksn.initial_key_id();
        let initial_key = self.initial_key(id);
        let key = initial_key.expose_bytes();
        let steps = [
            Step::loaded(
                Operation::BaseKey,
                &[],
                &self.bytes,
                Some(check_value::tdes(&self.bytes)),
            ),
            Step::loaded(
                Operation::TdesInitialKey,
                &id.to_bytes(),
                key,
                Some(check_value::tdes(key)),
            ),
        ];
        steps_after(Vec::from(steps), &initial_key, ksn, usage)
    }
}

impl InitialKey {
    /// Explains how a working key of a transaction comes about, whatever the counter is.
    ///
    /// # Errors
    /// [`Error::InitialKeyMismatch`]: the key serial number has another initial key id than this key.
    ///
    /// # Security
    /// The explanation holds every key of it; it shows none unless it is [exposed](Explanation::expose).
    ///
    /// Source: ANSI X9.24-1:2009.
    pub fn explain(&self, ksn: &Ksn, usage: TdesUsage) -> Result<Explanation, Error> {
        let check_value = Some(check_value::tdes(&self.bytes));
        let given = Step::loaded(Operation::GivenInitialKey, &[], &self.bytes, check_value);
        steps_after(Vec::from([given]), self, ksn, usage)
    }
}

/// The key after each bit is the transaction key of the bits so far, so every key here is one of the derivation proper.
fn steps_after(
    mut steps: Vec<Step>,
    initial_key: &InitialKey,
    ksn: &Ksn,
    usage: TdesUsage,
) -> Result<Explanation, Error> {
    let transaction = initial_key.transaction_key_lax(ksn)?;
    let [a, b, c, d, e, f, g, h, _, _] = ksn.to_bytes();
    let mut rest = ksn.counter();
    let mut counter = 0;
    while let Some(bit) = rest.checked_ilog2() {
        rest ^= 1 << bit;
        counter |= 1 << bit;
        let [_, high, middle, low] = u32::to_be_bytes(counter);
        let so_far = [a, b, c, d, e, f, g, h & 0xE0 | high, middle, low];
        let [_, _, register @ ..] = so_far;
        let key = initial_key.transaction_key_lax(&Ksn::from_bytes(so_far))?;
        let operation = Operation::TdesCounterBit { bit, counter };
        steps.push(Step::new(operation, &register, key.expose_bytes()));
    }
    variant(&mut steps, &transaction, usage);
    Ok(Explanation::new(&ksn.to_bytes(), ksn.check_counter(), steps))
}

fn variant(steps: &mut Vec<Step>, transaction: &TransactionKey, usage: TdesUsage) {
    let mut xored = |variant: Variant, key: &[u8; 16]| {
        let mask = variant.mask();
        steps.push(Step::new(Operation::TdesVariant(usage), &mask, key));
    };
    match usage {
        TdesUsage::Pin => xored(Variant::Pin, transaction.pin_key().expose_bytes()),
        TdesUsage::MacRequest => {
            xored(Variant::MacRequest, transaction.mac_request_key().expose_bytes());
        }
        TdesUsage::MacResponse => {
            xored(Variant::MacResponse, transaction.mac_response_key().expose_bytes());
        }
        TdesUsage::DataRequest => {
            let key = transaction.data_request_key_without_self_encryption();
            xored(Variant::DataRequest, key.expose_bytes());
            let key = transaction.data_request_key();
            steps.push(Step::new(Operation::TdesSelfEncryption(usage), &[], key.expose_bytes()));
        }
        TdesUsage::DataResponse => {
            let key = transaction.data_response_key_without_self_encryption();
            xored(Variant::DataResponse, key.expose_bytes());
            let key = transaction.data_response_key();
            steps.push(Step::new(Operation::TdesSelfEncryption(usage), &[], key.expose_bytes()));
        }
    }
}
