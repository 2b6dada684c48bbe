//! The roles of TDES DUKPT keys, each a type without values.

use super::InitialKeyId;
use crate::key::{Role, Tdes, job, sealed::Sealed};

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident, $job:ident, $context:ty, $name:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $role {}

        impl Sealed for $role {}

        impl Role for $role {
            type Algorithm = Tdes;
            type Job = job::$job;
            type Context = $context;
            const NAME: &'static str = $name;
        }
    )+};
}

roles! {
    /// See [`Bdk`](super::Bdk).
    Bdk, Derive, (), "Bdk";
    /// See [`InitialKey`](super::InitialKey).
    Initial, Derive, InitialKeyId, "InitialKey";
    /// See [`TransactionKey`](super::TransactionKey).
    Transaction, Derive, (), "TransactionKey";
    /// See [`PinKey`](super::PinKey).
    Pin, Pin, (), "PinKey";
    /// See [`MacRequestKey`](super::MacRequestKey).
    MacRequest, Mac, (), "MacRequestKey";
    /// See [`MacResponseKey`](super::MacResponseKey).
    MacResponse, Mac, (), "MacResponseKey";
    /// See [`DataRequestKey`](super::DataRequestKey).
    DataRequest, Data, (), "DataRequestKey";
    /// See [`DataResponseKey`](super::DataResponseKey).
    DataResponse, Data, (), "DataResponseKey";
}
