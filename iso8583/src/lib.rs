#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

#[cfg(feature = "alloc")]
extern crate alloc;

mod bitmap;
mod characters;
mod charset;
mod class;
mod composite;
mod copy;
mod dataset_bitmap;
pub mod dialect;
mod encoder;
mod encoding;
mod error;
mod field;
mod field_ref;
pub mod frame;
mod head;
pub mod header;
pub mod ipm;
#[cfg(feature = "serde")]
mod json;
mod length;
mod mask;
pub mod matcher;
#[cfg(feature = "alloc")]
mod message;
mod message_ref;
mod mti;
mod pad;
mod parts;
mod path;
mod rules;
mod sensitivity;
mod spec;
#[cfg(feature = "alloc")]
mod spec_buf;
#[cfg(feature = "tokio-codec")]
pub mod tokio_codec;
mod wire;
mod words;

pub use bitmap::{Bitmap, Numbers};
pub use characters::Characters;
pub use class::Class;
pub use composite::{Composite, Layout, Subfield, Tag, TagEncoding};
pub use encoder::{Composer, Encoder, Reply, Unsealed};
pub use encoding::{BitmapEncoding, Encoding, MtiEncoding};
pub use error::{Error, ErrorKind};
pub use field::Field;
pub use field_ref::{Exposed, FieldRef, Label};
#[cfg(feature = "serde")]
pub use json::ExposedMessage;
pub use length::{Length, Prefix, PrefixEncoding, Unit};
#[cfg(feature = "alloc")]
pub use message::Message;
pub use message_ref::{Fields, MessageRef, Partial};
pub use mti::{Function, MessageClass, Mti, Origin, Version};
pub use pad::{Pad, PadNibble, PadSide};
pub use parts::Parts;
pub use path::Path;
pub use rules::{Condition, MtiRule, Presence, Rules};
pub use sensitivity::Sensitivity;
pub use spec::{Bitmaps, Spec, SpecError, SpecRule, Tables};
#[cfg(feature = "alloc")]
pub use spec_buf::{CompositeBuf, SpecBuf};
