//! Known answers of check values, components, parity, variants and keys under test master keys.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test says what it expects by panicking"
)]

use keyblock::variant::thales_test_lmk::{LmkScheme, TEST_LMK_PAIRS, ThalesTestLmk};
use keyblock::variant::{ControlVector, apply_atalla};
use keyblock::{
    Ceremony, Error, Kcv, KcvMethod, TdesKeyPolicy, check_odd_parity, combine, set_odd_parity,
};
use serde_json::Value;

/// One case, read by field name.
struct Case<'a>(&'a Value);

impl Case<'_> {
    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_else(|| panic!("{name} of {}", self.0))
    }

    fn hex(&self, name: &str) -> Vec<u8> {
        unhex(self.text(name))
    }

    fn number(&self, name: &str) -> u8 {
        self.0[name].as_u64().unwrap().try_into().unwrap()
    }

    fn kcv(&self) -> Kcv {
        let (key, method) = (self.hex("key"), self.text("method").parse::<KcvMethod>().unwrap());
        match self.text("alg") {
            "TDES" => Kcv::tdes(method, &key),
            "AES" => Kcv::aes(method, &key),
            "SM4" => Kcv::new::<sm4::Sm4>(method, &key),
            other => panic!("algorithm {other}"),
        }
        .unwrap()
    }
}

fn unhex(text: &str) -> Vec<u8> {
    assert_eq!(text.len() % 2, 0, "{text}");
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

fn run(json: &str, count: usize, case: impl Fn(&str, &Case<'_>)) {
    let file: Value = serde_json::from_str(json).unwrap();
    for field in ["source", "origin", "note"] {
        assert!(file[field].is_string());
    }
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), count);
    for value in cases {
        case(value["kind"].as_str().unwrap(), &Case(value));
    }
}

fn check_value(kind: &str, case: &Case<'_>) {
    let (kcv, given) = (case.kcv(), case.hex("kcv"));
    if kind == "neg_kcv" {
        assert_eq!(case.text("error"), Error::KcvMismatch.as_str());
        assert_eq!(kcv.verify(&given), Err(Error::KcvMismatch));
        return;
    }
    assert_eq!(kcv.verify(&given), Ok(()), "{}", case.text("id"));
    assert_eq!(kcv.to_string(), case.text("kcv"));
    if case.0.get("kcv4").is_some() {
        assert_eq!(kcv.verify(&case.hex("kcv4")), Err(Error::KcvLength));
        assert_eq!(kcv.shortened(2).unwrap().verify(&case.hex("kcv4")), Ok(()));
    }
}

#[test]
fn check_values() {
    run(include_str!("vectors/kcv_own.json"), 9, check_value);
    run(include_str!("vectors/kcv_cyberchef.json"), 2, check_value);
    run(include_str!("vectors/kcv_zero_blocks.json"), 2, check_value);
    run(include_str!("vectors/kcv_unionpay_signin.json"), 3, check_value);
    run(include_str!("vectors/kcv_unionpay_sm4.json"), 1, check_value);
}

#[test]
fn components() {
    run(include_str!("vectors/key_components.json"), 2, |kind, case| {
        let components: Vec<Vec<u8>> = case.0["components"]
            .as_array()
            .unwrap()
            .iter()
            .map(|component| unhex(component.as_str().unwrap()))
            .collect();
        let lent: Vec<&[u8]> = components.iter().map(Vec::as_slice).collect();
        let mut key = vec![0; components[0].len()];
        let legacy = |key: &[u8]| Kcv::tdes(KcvMethod::Legacy, key);
        let mut ceremony = Ceremony::begin(lent.len(), key.len(), legacy).unwrap();
        for component in &components {
            ceremony.add_checked(component, legacy(component).unwrap().as_bytes()).unwrap();
        }
        let mut entered = key.clone();
        let kcv = ceremony.finish(&mut entered);
        if kind == "neg_key_components" {
            assert_eq!(case.text("error"), "all_zero_result");
            assert_eq!(combine(&lent, &mut key), Err(Error::ZeroKey));
            assert_eq!(kcv.err(), Some(Error::ZeroKey));
            return;
        }
        combine(&lent, &mut key).unwrap();
        assert_eq!((&key, &entered), (&case.hex("key"), &case.hex("key")));
        assert_eq!(kcv.unwrap().verify(&case.hex("kcv")), Ok(()));
    });
}

#[test]
fn parity() {
    run(include_str!("vectors/key_parity.json"), 3, |kind, case| {
        let mut key = case.hex("key");
        assert_eq!(check_odd_parity(&key), Err(Error::Parity));
        if kind == "neg_key_parity" {
            assert_eq!(case.text("error"), "even_parity");
            assert_eq!(TdesKeyPolicy::STRICT.check(&key), Err(Error::Parity));
            assert_eq!(TdesKeyPolicy::STRICT.allowing_any_parity().check(&key), Ok(()));
            return;
        }
        set_odd_parity(&mut key);
        assert_eq!(key, case.hex("odd"));
        assert_eq!(check_odd_parity(&key), Ok(()));
    });
}

#[test]
fn tdes_keys() {
    run(include_str!("vectors/tdes_key_own.json"), 1, |_, case| {
        assert_eq!(case.text("error"), Error::DegenerateKey.as_str());
        let key = case.hex("key");
        assert_eq!(TdesKeyPolicy::STRICT.check(&key), Err(Error::DegenerateKey));
    });
}

#[test]
fn atalla_variants() {
    run(include_str!("vectors/variant_atalla_psec.json"), 2, |_, case| {
        let mut key = case.hex("key");
        apply_atalla(&mut key, case.number("variant")).unwrap();
        assert_eq!(key, case.hex("out"));
    });
}

fn test_master_key(_: &str, case: &Case<'_>) {
    let first = case.text("lmk_pair")[..2].parse().unwrap();
    assert_eq!(TEST_LMK_PAIRS[usize::from(first / 2)][..], case.hex("lmk"));
    let lmk = ThalesTestLmk::new(first, case.number("variant")).unwrap();
    if let Some(key_type) = case.0.get("key_type") {
        let (_, code) = key_type.as_str().unwrap().rsplit_once(' ').unwrap();
        assert_eq!(code.parse(), Ok(lmk));
    }
    let scheme = LmkScheme::from_letter(case.text("scheme").parse().unwrap()).unwrap();
    let mut key = case.hex("key");
    lmk.encipher(scheme, &mut key).unwrap();
    assert_eq!(key, case.hex("encrypted"), "{}", case.text("id"));
    lmk.decipher(scheme, &mut key).unwrap();
    assert_eq!(key, case.hex("key"));
}

#[test]
fn thales_test_master_keys() {
    run(include_str!("vectors/thales_test_lmk_jpos.json"), 5, test_master_key);
    run(include_str!("vectors/thales_test_lmk_simulators.json"), 3, test_master_key);
    run(include_str!("vectors/thales_test_lmk_own.json"), 4, test_master_key);
}

#[test]
fn control_vectors() {
    run(include_str!("vectors/control_vector_own.json"), 6, |_, case| {
        let half = |name: &str| case.hex(name).try_into().unwrap();
        let vector = ControlVector { left: half("left"), right: half("right") };
        let defaults = ControlVector::DEFAULTS;
        let named = defaults.iter().find(|(name, _)| *name == case.text("name"));
        assert!(named.is_none_or(|(_, default)| *default == vector), "{}", case.text("id"));
        let kek = case.hex("kek").try_into().unwrap();
        let mut key = case.hex("key");
        vector.encipher(&kek, &mut key).unwrap();
        assert_eq!(key, case.hex("encrypted"), "{}", case.text("id"));
        vector.decipher(&kek, &mut key).unwrap();
        assert_eq!(key, case.hex("key"));
    });
}
