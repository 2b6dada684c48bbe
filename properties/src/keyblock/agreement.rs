//! Key agreement, and the derivation of keys from it.

use hmac::{Hmac, KeyInit, Mac};
use keyblock::{
    Error,
    ecdh::{
        AgreedKey, Curve, EphemeralKey, KeyDerivation, P256, P384, P521, PublicKey, SharedInfo,
        SharedSecret, StaticKey,
        shared_info::{EccCmsSharedInfo, OtherInfo},
    },
    kdf::{self, WipingHash},
};
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::ceremony::Tape;
use crate::{
    choices::{Choices, hex},
    told::assert_hidden,
};

/// Two parties with any numbers as private keys agree on one secret, or a number is refused that is zero or not below the order; any bytes as a
/// public key are refused, or are a point that is written as it was and agrees with both parties; a key is what a slow twin derives.
///
/// Choices: `u8` curve, `u8` derivation, `u8` hash, `u16` length of the output, `bytes` for each private key, the salt, and the three
/// parts of the other info; then the bytes of a public key.
pub fn key_agreement(data: &[u8]) {
    let mut choices = Choices::new(data);
    let curve = choices.u8() % 3;
    let derivation = choices.u8() % 4;
    let hash = choices.u8() % 4;
    let case = Case {
        derivation,
        hash,
        len: choices.u16().into(),
        privates: [choices.bytes(), choices.bytes()],
        salt: choices.bytes(),
        info: OtherInfo {
            algorithm_id: choices.bytes(),
            party_u_info: choices.bytes(),
            party_v_info: choices.bytes(),
            supp_pub_info: &data[..data.len().min(3)],
        },
        public: choices.rest(),
    };
    match curve {
        0 => case.on::<P256>(&P256_ORDER),
        1 => case.on::<P384>(&P384_ORDER),
        _ => case.on::<P521>(&P521_ORDER),
    }
}

struct Case<'a> {
    derivation: u8,
    hash: u8,
    len: usize,
    privates: [&'a [u8]; 2],
    salt: &'a [u8],
    info: OtherInfo<'a>,
    public: &'a [u8],
}

impl Case<'_> {
    fn on<C: Curve>(&self, order: &[u8]) {
        let keys = self.privates.map(|bytes| private::<C>(bytes, order));
        let publics = keys.each_ref().map(|key| key.as_ref().map(StaticKey::public_key));
        publics.iter().flatten().for_each(read_back);
        keys.iter().flatten().for_each(|key| assert_hidden(key, "StaticKey"));
        self.drawn::<C>(order);
        self.shared_infos();
        if let ([Some(one), Some(other)], [Some(public_one), Some(public_other)]) =
            (&keys, &publics)
        {
            let secret = one.agree(public_other);
            assert_eq!(secret.expose_bytes(), other.agree(public_one).expose_bytes());
            self.derive(&secret);
        }
        let Ok(public) = PublicKey::<C>::from_sec1(self.public) else {
            return;
        };
        self.public_key(public);
        if let Some(key) = keys.iter().flatten().next() {
            let secret = key.agree(&public);
            assert_eq!(secret.expose_bytes().len(), C::FIELD_LEN);
            // The point on the other side of the axis has the same first coordinate.
            let mut opposite = compressed(&public);
            opposite[0] ^= 1;
            let opposite = PublicKey::<C>::from_sec1(&opposite).unwrap();
            assert_ne!(opposite, public);
            assert_eq!(key.agree(&opposite).expose_bytes(), secret.expose_bytes());
        }
    }

    /// A key that is drawn is the first number of four in what the generator gives that is a private key, kept or used once.
    fn drawn<C: Curve>(&self, order: &[u8]) {
        let given = self.public;
        let mut drawn = given.chunks_exact(C::FIELD_LEN).take(4).map(|bytes| {
            let mut bytes = bytes.to_vec();
            if C::FIELD_LEN == 66 {
                bytes[0] &= 1;
            }
            bytes
        });
        let due = drawn.find(|bytes| bytes.iter().any(|&byte| byte != 0) && bytes[..] < *order);
        let key = StaticKey::<C>::generate(&mut Tape(given));
        let once = EphemeralKey::<C>::generate(&mut Tape(given));
        let Some(due) = due else {
            assert_eq!((key.err(), once.err()), (Some(Error::Rng), Some(Error::Rng)));
            return;
        };
        let (key, once) = (key.unwrap(), once.unwrap());
        assert_hidden(&once, "EphemeralKey");
        assert_eq!(key.expose_bytes(&mut [0; 66]), Ok(&due[..]));
        let public = key.public_key();
        assert_eq!(once.public_key(), public);
        let secret = once.agree(&public);
        assert_hidden(&secret, "SharedSecret");
        assert_eq!(secret.expose_bytes(), key.agree(&public).expose_bytes());
        let again = SharedSecret::from_bytes(secret.expose_bytes()).unwrap();
        assert_eq!(again.expose_bytes(), secret.expose_bytes());
        for wrong in [0, 31, 67] {
            assert_eq!(SharedSecret::from_bytes(&[1; 67][..wrong]).err(), Some(Error::KeyLength));
        }
    }

    /// Shared info that AWS or CMS wants: refused for its contents, or the bytes of a slow encoding.
    fn shared_infos(&self) {
        let bytes = self.info.algorithm_id;
        let right = !bytes.is_empty() && !bytes.contains(&0);
        match SharedInfo::aws_payment_cryptography(bytes) {
            Ok(info) => {
                assert!(right);
                assert_eq!(info.encode_into(&mut [0; 256]), Ok(bytes));
            }
            Err(error) => assert!(!right && error == Error::SharedInfo),
        }
        let der = |tag: u8, content: &[u8]| {
            let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
            let head = match (high, low) {
                (0, 0..0x80) => vec![tag, low],
                (0, _) => vec![tag, 0x81, low],
                _ => vec![tag, 0x82, high, low],
            };
            [&head[..], content].concat()
        };
        let repeated = bytes.repeat(1 + self.salt.len() % 5);
        for key_info in [der(0x30, bytes), der(0x30, &repeated), bytes.to_vec(), repeated.clone()] {
            for entity_u_info in [None, Some(self.info.party_u_info), Some(&repeated)] {
                let key_bits = u32::try_from(self.len).unwrap();
                let info = EccCmsSharedInfo { key_info: &key_info, entity_u_info, key_bits };
                let mut content = key_info.clone();
                if let Some(info) = entity_u_info {
                    content.extend(der(0xA0, &der(0x04, info)));
                }
                content.extend(der(0xA2, &der(0x04, &key_bits.to_be_bytes())));
                match info.shared_info() {
                    Ok(info) => {
                        let due = der(0x30, &content);
                        assert_eq!(info.encode_into(&mut vec![0; due.len()]), Ok(&due[..]));
                        assert!(info.encode_into(&mut vec![0; due.len() - 1]).is_err());
                    }
                    Err(error) => {
                        assert_eq!(error, Error::SharedInfo);
                        let (whole, inside) = (der(0x30, bytes), der(0x30, &repeated));
                        let is_sequence = key_info == whole || key_info == inside;
                        assert!(!is_sequence || content.len() > 0xFFFF, "{key_info:?}");
                    }
                }
            }
        }
    }

    /// It came as it is written, or in half of it.
    fn public_key<C: Curve>(&self, public: PublicKey<C>) {
        let encoded = public.to_sec1();
        let whole = encoded.as_bytes();
        assert_eq!(encoded.as_ref(), whole);
        assert_eq!(format!("{encoded:?}"), format!("EncodedPublicKey({})", hex(whole)));
        assert!(!format!("{public:?}").contains('\n'));
        if self.public[0] == 4 {
            assert_eq!(whole, self.public);
        } else {
            assert_eq!(compressed(&public), self.public);
        }
        assert_eq!(PublicKey::<C>::from_sec1(whole), Ok(public));
        for len in [0, 1, whole.len() - 1] {
            assert_eq!(PublicKey::<C>::from_sec1(&whole[..len]), Err(Error::PublicKey));
        }
        let mut off = whole.to_vec();
        off[1 + C::FIELD_LEN] ^= 1;
        assert_eq!(PublicKey::<C>::from_sec1(&off), Err(Error::PublicKey));
    }

    fn derive(&self, secret: &SharedSecret) {
        match self.hash {
            0 => self.derive_by::<Sha224>(secret),
            1 => self.derive_by::<Sha256>(secret),
            2 => self.derive_by::<Sha384>(secret),
            _ => self.derive_by::<Sha512>(secret),
        }
    }

    fn derive_by<D: WipingHash>(&self, secret: &SharedSecret) {
        let mut info = Vec::new();
        for part in [self.info.algorithm_id, self.info.party_u_info, self.info.party_v_info] {
            info.extend(u32::try_from(part.len()).unwrap().to_be_bytes());
            info.extend(part);
        }
        info.extend(self.info.supp_pub_info);
        let layout = self.info.shared_info().unwrap();
        assert_eq!(layout.encode_into(&mut vec![0; info.len()]), Ok(&info[..]));

        let (z, salt) = (secret.expose_bytes(), self.salt);
        let derivation = match self.derivation {
            0 => KeyDerivation::X963,
            1 => KeyDerivation::OneStep,
            2 => KeyDerivation::OneStepHmac { salt },
            _ => KeyDerivation::Hkdf { salt },
        };
        let mut out = vec![0xEE; self.len];
        let derived = match derivation {
            KeyDerivation::X963 => kdf::x963::<D>(z, &info, &mut out),
            KeyDerivation::OneStep => kdf::one_step::<D>(z, &info, &mut out),
            KeyDerivation::OneStepHmac { .. } => kdf::one_step_hmac::<D>(z, salt, &info, &mut out),
            _ => kdf::hkdf::<D>(z, salt, &info, &mut out),
        };
        let limit =
            if self.derivation == 3 { 255 * <D as Digest>::output_size() } else { usize::MAX };
        if self.len == 0 || self.len > limit {
            assert_eq!(derived, Err(Error::OutputLength));
            assert!(out.iter().all(|&byte| byte == 0xEE));
        } else {
            assert_eq!(derived, Ok(()));
            assert_eq!(hex(&out), hex(&self.twin::<D>(z, &info, self.len)));
        }

        let key = secret.derive::<D>(derivation, layout, self.len);
        let raw = secret.derive::<D>(derivation, SharedInfo::from(&info[..]), self.len);
        let bytes = |key: &Result<AgreedKey, Error>| {
            key.as_ref().map(|key| key.expose_bytes().to_vec()).ok()
        };
        assert_eq!(bytes(&key), bytes(&raw));
        if let Ok(key) = &key {
            assert_hidden(key, "AgreedKey");
            assert!(key.aes_kbpk().is_ok());
            assert_eq!(key.tdes_kbpk().is_ok(), self.len != 32);
        }
        assert_eq!(bytes(&key), matches!(self.len, 16 | 24 | 32).then_some(out));
    }

    /// All blocks in full, then cut.
    fn twin<D: WipingHash>(&self, z: &[u8], info: &[u8], len: usize) -> Vec<u8> {
        let mac = |key: &[u8], data: &[u8]| {
            let mac = Hmac::<D>::new_from_slice(key).unwrap().chain_update(data);
            mac.finalize().into_bytes().to_vec()
        };
        let extracted = mac(self.salt, z);
        let (mut out, mut last) = (Vec::new(), Vec::new());
        let mut counter = 0_u32;
        while out.len() < len {
            counter += 1;
            let count = counter.to_be_bytes();
            last = match self.derivation {
                0 => D::digest([z, &count, info].concat()).to_vec(),
                1 => D::digest([&count, z, info].concat()).to_vec(),
                2 => mac(self.salt, &[&count, z, info].concat()),
                _ => mac(&extracted, &[&last, info, &count[3..]].concat()),
            };
            out.extend(&last);
        }
        out.truncate(len);
        out
    }
}

/// A number from 1 to the order, which may lack bytes on its left.
fn private<C: Curve>(bytes: &[u8], order: &[u8]) -> Option<StaticKey<C>> {
    let key = StaticKey::<C>::from_bytes_left_padded(bytes);
    let fits = bytes.len() <= C::FIELD_LEN;
    let mut padded = vec![0; C::FIELD_LEN.saturating_sub(bytes.len())];
    padded.extend(bytes);
    let valid = fits && padded.iter().any(|&byte| byte != 0) && padded[..] < *order;
    assert_eq!(key.as_ref().err().copied(), (!valid).then_some(Error::PrivateKey));
    let exact = StaticKey::<C>::from_bytes(bytes);
    assert_eq!(exact.is_ok(), valid && bytes.len() == C::FIELD_LEN);
    let key = key.ok()?;
    let mut out = [0; 66];
    assert_eq!(key.expose_bytes(&mut out), Ok(&padded[..]));
    Some(key)
}

fn read_back<C: Curve>(public: &PublicKey<C>) {
    assert_eq!(PublicKey::from_sec1(public.to_sec1().as_bytes()), Ok(*public));
    assert_eq!(PublicKey::from_sec1(&compressed(public)), Ok(*public));
}

fn compressed<C: Curve>(public: &PublicKey<C>) -> Vec<u8> {
    let encoded = public.to_sec1();
    let whole = encoded.as_bytes();
    let mut half = whole[..=C::FIELD_LEN].to_vec();
    half[0] = 2 + (whole[whole.len() - 1] & 1);
    half
}

const P256_ORDER: [u8; 32] = *b"\xFF\xFF\xFF\xFF\x00\x00\x00\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\
    \xBC\xE6\xFA\xAD\xA7\x17\x9E\x84\xF3\xB9\xCA\xC2\xFC\x63\x25\x51";

const P384_ORDER: [u8; 48] = *b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\
    \xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xC7\x63\x4D\x81\xF4\x37\x2D\xDF\
    \x58\x1A\x0D\xB2\x48\xB0\xA7\x7A\xEC\xEC\x19\x6A\xCC\xC5\x29\x73";

const P521_ORDER: [u8; 66] = *b"\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\
    \xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\
    \xFF\xFA\x51\x86\x87\x83\xBF\x2F\x96\x6B\x7F\xCC\x01\x48\xF7\x09\
    \xA5\xD0\x3B\xB5\xC9\xB8\x89\x9C\x47\xAE\xBB\x6F\xB7\x1E\x91\x38\
    \x64\x09";
