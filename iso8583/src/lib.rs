#![no_std]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

#[cfg(feature = "alloc")]
extern crate alloc;

mod bitmap;
mod class;
pub mod dialect;
mod encoder;
mod error;
mod field;
mod field_ref;
pub mod frame;
mod mask;
#[cfg(feature = "alloc")]
mod message;
mod message_ref;
mod mti;
mod spec;
mod wire;

pub use bitmap::{Bitmap, Numbers};
pub use class::Class;
pub use encoder::{Encoder, Unsealed};
pub use error::{Error, ErrorKind, Path};
pub use field::{Encoding, Field, Length, Pad, PadNibble, PadSide, Prefix, Sensitivity};
pub use field_ref::{Characters, Exposed, FieldRef};
#[cfg(feature = "alloc")]
pub use message::Message;
pub use message_ref::{Fields, MessageRef};
pub use mti::{Function, MessageClass, Mti, Origin, Version};
pub use spec::{BitmapEncoding, MtiEncoding, Spec, SpecError, SpecRule};
