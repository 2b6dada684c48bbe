//! DUKPT at both ends.

use crate::table::table;
use dukpt::aes::{Aes, Tdes};

table!(AES_DUKPT_TERMINAL {
    dukpt::terminal::Terminal::<Aes, 16>::load,
    dukpt::terminal::Terminal::<Aes, 16>::begin,
    dukpt::terminal::Pending::<Aes, 16>::stored,
    dukpt::terminal::Terminal::<Aes, 32>::begin,
    dukpt::Key::<dukpt::aes::role::Transaction, 16>::pin_key,
});

table!(AES_DUKPT_HOST {
    dukpt::Key::<dukpt::aes::role::Bdk, 16>::initial_key,
    dukpt::Key::<dukpt::aes::role::Initial, 16>::transaction_key,
    dukpt::Key::<dukpt::aes::role::Initial, 32>::transaction_key,
    dukpt::Key::<dukpt::aes::role::Transaction, 16>::pin_key,
});

table!(TDES_DUKPT_TERMINAL {
    dukpt::terminal::Terminal::<Tdes, 16>::load,
    dukpt::terminal::Terminal::<Tdes, 16>::begin,
    dukpt::terminal::Pending::<Tdes, 16>::stored,
    dukpt::Key::<dukpt::tdes::role::Transaction, 16>::pin_key,
});

table!(TDES_DUKPT_HOST {
    dukpt::Key::<dukpt::tdes::role::Bdk, 16>::initial_key,
    dukpt::Key::<dukpt::tdes::role::Initial, 16>::transaction_key,
    dukpt::Key::<dukpt::tdes::role::Transaction, 16>::pin_key,
});
