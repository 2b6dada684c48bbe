use super::derivation::Step;
use super::{InitialKeyId, Ksn, TransactionKey, role};
use crate::key::{Key, Tdes};
use crate::terminal::sealed::Machine;
use crate::terminal::{self, Standard, image_len};

/// A terminal: 21 future keys of 16 bytes and a 21-bit counter.
///
/// See [`terminal::Terminal`] for what it does.
///
/// Source: ANSI X9.24-1:2009.
pub type Terminal = terminal::Terminal<Tdes, 16>;
/// A reserved counter and its key; see [`terminal::Pending`].
pub type Pending<'t> = terminal::Pending<'t, Tdes, 16>;
/// A terminal as 360 bytes, keys among them; see [`terminal::Snapshot`].
pub type Snapshot = terminal::Snapshot<Tdes, 16>;

const REGISTERS: usize = 21;

impl Machine<16> for Tdes {
    type Registers = [[u8; 16]; REGISTERS];
    type Parent = Step<des::Des>;

    const ALGORITHM: u8 = 1;
    const COUNTER_MASK: u32 = 0x1F_FFFF;
    const MAX_ONE_BITS: u32 = 10;
    const WIPED: Self::Registers = [[0; 16]; REGISTERS];

    #[inline]
    fn parent(key: &[u8; 16]) -> Self::Parent {
        Step::new(key)
    }

    #[inline]
    fn child(parent: &Self::Parent, id: [u8; 8], counter: u32, key: &mut [u8; 16]) {
        let [_, _, a, b, c, d, e, f] = id;
        let register = u64::from_be_bytes([a, b, c, d, e, f, 0, 0]) | u64::from(counter);
        parent.derive(register, key);
    }
}

impl Standard<16> for Tdes {
    type InitialKeyId = InitialKeyId;
    type Ksn = Ksn;
    type Initial = role::Initial;
    type Transaction = role::Transaction;
    type Image = [u8; image_len(REGISTERS, 16)];

    const BLANK: Self::Image = [0; image_len(REGISTERS, 16)];

    fn id_bytes(id: InitialKeyId) -> [u8; 8] {
        id.to_bytes()
    }

    fn id(bytes: [u8; 8]) -> InitialKeyId {
        InitialKeyId::from_bytes(bytes)
    }

    fn ksn(id: InitialKeyId, counter: u32) -> Ksn {
        let [a, b, c, d, e, f, g, h] = id.to_bytes();
        let [_, high, middle, low] = counter.to_be_bytes();
        Ksn::from_bytes([a, b, c, d, e, f, g, h | high, middle, low])
    }

    fn counter(ksn: &Ksn) -> u32 {
        ksn.counter()
    }

    fn id_of(ksn: &Ksn) -> InitialKeyId {
        ksn.initial_key_id()
    }

    fn transaction_key(_: Ksn) -> TransactionKey {
        Key { bytes: [0; 16], context: () }
    }
}
