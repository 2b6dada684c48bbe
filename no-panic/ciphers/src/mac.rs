//! Message authentication codes.

use crate::table::table;
use aes::Aes128;
use des::{Des, TdesEde2};
use dukpt::hmac::Hmac;
use sha2::{Sha256, Sha512};

table!(CMAC_AES {
    dukpt::mac::Cmac::<Aes128>::new,
    dukpt::mac::Cmac::<Aes128>::update,
    dukpt::mac::Cmac::<Aes128>::verify,
});

table!(CMAC_TDES {
    dukpt::mac::Cmac::<TdesEde2>::new,
    dukpt::mac::Cmac::<TdesEde2>::update,
    dukpt::mac::Cmac::<TdesEde2>::verify,
});

table!(RETAIL_MAC {
    dukpt::mac::RetailMac::new,
    dukpt::mac::RetailMac::<Des>::update,
    dukpt::mac::RetailMac::<Des>::verify,
});

table!(HMAC_SHA_256 {
    dukpt::mac::Authenticator::<Hmac<Sha256>>::new,
    dukpt::mac::Authenticator::<Hmac<Sha256>>::update,
    dukpt::mac::Authenticator::<Hmac<Sha256>>::verify,
});

table!(HMAC_SHA_512 {
    dukpt::mac::Authenticator::<Hmac<Sha512>>::new,
    dukpt::mac::Authenticator::<Hmac<Sha512>>::update,
    dukpt::mac::Authenticator::<Hmac<Sha512>>::verify,
});
