mod aes;
mod key;
mod mac;
mod tdes;
mod terminal;
