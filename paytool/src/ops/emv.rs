//! EMV data elements: what a value says.

use core::ops::RangeInclusive;
use emv_tlv::element::{
    AnyElement, Bits, Cvm, CvmCondition, CvmResult, CvmRule, Expiry, Iad, ServiceCode,
};

use emv_tlv::dictionary::{Entry, lookup};
use emv_tlv::{ErrorKind, Exposed, Tag};
use serde_json::{Value, json};

use super::{Outputs, tlv};
use crate::failure::Failure;
use crate::hex;
use crate::inputs::Inputs;

pub(super) fn decode(inputs: &Inputs) -> Result<Outputs, Failure> {
    let tag = tlv::read_tag(inputs.require("tag")?)?;
    let value: Vec<u8> = inputs.require("hex")?;
    let element =
        AnyElement::read(tag, &value).map_err(|error| unread(tag, error))?.ok_or_else(unknown)?;
    match parts(&element, &value) {
        Value::Object(parts) => Ok(parts),
        // `parts` makes objects.
        _ => Err(unknown()),
    }
}

/// That no element here has the tag, which may be a template or hold nothing but bytes.
pub(crate) fn unknown() -> Failure {
    Failure::new("unknown_element", "the element has no meaning beyond its bytes")
}

/// Why a value does not read, and how long it may be if that is why.
pub(crate) fn unread(tag: Tag, error: emv_tlv::Error) -> Failure {
    let lengths =
        lookup(tag).map(Entry::lengths).filter(|_| error.kind() == ErrorKind::WrongLength);
    let wanted = match lengths.map(RangeInclusive::into_inner) {
        Some((least, most)) if least == most => format!(": it has {least} bytes"),
        Some((least, most)) if most < 65_535 => format!(": it has {least} to {most} bytes"),
        _ => String::new(),
    };
    let message = format!("`hex`: {error}{wanted}");
    Failure::new(error.kind().as_str(), message).at(error.offset())
}

/// What an element says, as programs exchange it; one of which nothing is agreed, in words.
fn parts(element: &AnyElement<'_>, value: &[u8]) -> Value {
    match element {
        AnyElement::Aip(_)
        | AnyElement::Auc(_)
        | AnyElement::Tvr(_)
        | AnyElement::RelayTvr(_)
        | AnyElement::Tsi(_)
        | AnyElement::TerminalCapabilities(_)
        | AnyElement::AdditionalTerminalCapabilities(_)
        | AnyElement::BiometricTerminalCapabilities(_)
        | AnyElement::TerminalRiskManagementData(_)
        | AnyElement::Ttq(_)
        | AnyElement::Ctq(_)
        | AnyElement::UnionPayCtq(_)
        | AnyElement::FormFactorIndicator(_)
        | AnyElement::EnhancedReaderCapabilities(_)
        | AnyElement::ContactlessReaderCapabilities(_)
        | AnyElement::ApplicationCapabilities(_)
        | AnyElement::CardDataInputCapability(_)
        | AnyElement::CvmCapability(_)
        | AnyElement::MagStripeCvmCapability(_)
        | AnyElement::SecurityCapability(_)
        | AnyElement::KernelConfiguration(_)
        | AnyElement::OutcomeParameterSet(_)
        | AnyElement::IdsStatus(_)
        | AnyElement::DsSummaryStatus(_) => {
            let bits = Bits::new(value).map(|place| json!([place.byte, place.bit]));
            json!({ "bits": bits.collect::<Vec<_>>() })
        }
        AnyElement::Afl(locator) => {
            let entries = locator
                .entries()
                .map(|entry| json!([entry.sfi, entry.first, entry.last, entry.offline_auth_count]));
            json!({ "entries": entries.collect::<Vec<_>>() })
        }
        AnyElement::Pan(pan) => json!({ "pan": Exposed(pan).to_string() }),
        AnyElement::Track2(track) => json!({
            "pan": Exposed(&track.pan()).to_string(),
            "expiry": expiry(track.expiry()),
            "service_code": service_code(track.service_code()),
            "discretionary": Exposed(&track.discretionary()).to_string(),
        }),
        AnyElement::Track1(track) => json!({
            "pan": Exposed(&track.pan()).to_string(),
            "name": track.name(),
            "expiry": expiry(track.expiry()),
            "service_code": service_code(track.service_code()),
            "discretionary": track.discretionary(),
        }),
        AnyElement::CvmList(list) => {
            let rules = list.rules().map(rule);
            json!({ "x": list.x(), "y": list.y(), "rules": rules.collect::<Vec<_>>() })
        }
        AnyElement::CvmResults(results) => json!({
            "rule": method(results.rule().method()),
            "next_if_fails": results.rule().next_if_fails(),
            "condition": condition(results.rule().condition()),
            "result": result(results.result()),
        }),
        AnyElement::Cid(cid) => json!({
            "ac": cid.cryptogram().as_str(),
            "reason": cid.reason().as_str(),
            "advice": cid.advice_required(),
        }),
        AnyElement::Iad(iad) => issuer_application_data(iad),
        other => json!({ "text": Exposed(other).to_string() }),
    }
}

fn rule(rule: CvmRule) -> Value {
    json!([method(rule.method()), rule.next_if_fails(), condition(rule.condition())])
}

/// The interface between programs has names for the methods of a PIN and a signature only.
fn method(method: Cvm) -> &'static str {
    if matches!(method.code(), 0x06..=0x0F) { "rfu" } else { method.as_str() }
}

fn condition(condition: CvmCondition) -> &'static str {
    condition.as_str()
}

fn result(result: CvmResult) -> &'static str {
    result.as_str()
}

fn expiry(expiry: Expiry) -> String {
    digits(&expiry.digits())
}

fn service_code(code: ServiceCode) -> String {
    digits(&code.digits())
}

fn digits(digits: &[u8]) -> String {
    digits.iter().map(u8::to_string).collect()
}

fn issuer_application_data(iad: &Iad<'_>) -> Value {
    let byte = |byte: Option<u8>| byte.map(|byte| hex::encode(&[byte]));
    let mut parts = serde_json::Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            parts.insert(name.to_owned(), value);
        }
    };
    put("scheme", Some(iad.scheme().map_or("unknown", |scheme| scheme.as_str()).into()));
    match iad {
        Iad::Visa(visa) => {
            put("format", Some(visa.format().into()));
            put("dki", byte(iad.key_index()).map(Value::from));
            put("cvn", Some(visa.cryptogram_version().into()));
        }
        Iad::MChip(_) => {
            put("kdi", byte(iad.key_index()).map(Value::from));
            put("cvn", byte(iad.cryptogram_version()).map(Value::from));
        }
        Iad::Ccd(ccd) => {
            put("dki", byte(iad.key_index()).map(Value::from));
            put("cci", byte(Some(ccd.common_core_identifier())).map(Value::from));
        }
        _ => {
            put("dki", byte(iad.key_index()).map(Value::from));
            put("cvn", byte(iad.cryptogram_version()).map(Value::from));
        }
    }
    put("cvr", iad.cvr().map(|cvr| hex::encode(cvr.as_bytes()).into()));
    match iad {
        Iad::MChip(mchip) => {
            put("dac_idn", Some(hex::encode(mchip.dac_idn()).into()));
            put("counters", Some(hex::encode(mchip.counters()).into()));
            // Whatever follows the counters: more of them, the counter of the last online transaction, or both.
            let extra = mchip.as_bytes().get(18..).filter(|extra| !extra.is_empty());
            put("extra", extra.map(|extra| hex::encode(extra).into()));
        }
        Iad::Ccd(ccd) => put("counters", Some(hex::encode(ccd.counters()).into())),
        Iad::UnionPay(data) => put("algorithm", byte(Some(data.algorithm())).map(Value::from)),
        _ => {}
    }
    put("idd", iad.discretionary().map(|data| hex::encode(data).into()));
    parts.into()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::ops::run;

    fn decode(tag: &str, hex: &str) -> Value {
        let inputs = json!({"tag": tag, "hex": hex}).as_object().unwrap().clone();
        run("emv.decode", inputs).map_or_else(|failure| failure.to_json(), Value::Object)
    }

    #[test]
    fn each_element_has_the_outputs_that_are_agreed() {
        for (tag, hex, expect) in [
            ("95", "4280880000", json!({"bits": [[1, 7], [1, 2], [2, 8], [3, 8], [3, 4]]})),
            ("9F33", "000001", json!({"bits": [[3, 1]]})),
            ("94", "0801010010010300", json!({"entries": [[1, 1, 1, 0], [2, 1, 3, 0]]})),
            (
                "57",
                "4761739001010010D20122010123456789",
                json!({"pan": "4761739001010010", "expiry": "2012", "service_code": "201",
                    "discretionary": "0123456789"}),
            ),
            (
                "8E",
                "000186A0000003E8440306091F20",
                json!({"x": 100_000, "y": 1000, "rules": [
                    ["enciphered_pin_by_icc", true, "terminal_supports_cvm"],
                    ["rfu", false, "over_y"], ["no_cvm", false, "rfu"]]}),
            ),
            (
                "9F34",
                "420302",
                json!({"rule": "online_pin", "next_if_fails": true,
                    "condition": "terminal_supports_cvm", "result": "successful"}),
            ),
            ("9F27", "C8", json!({"ac": "rfu", "reason": "no_info", "advice": true})),
            (
                "9F10",
                "06010A03A00000",
                json!({"scheme": "visa", "format": 0, "dki": "01", "cvn": 10, "cvr": "03A00000"}),
            ),
            (
                "9F10",
                "0110A00003220000123400000000000000FF0201",
                json!({"scheme": "mchip", "kdi": "01", "cvn": "10", "cvr": "A00003220000",
                    "dac_idn": "1234", "counters": "00000000000000FF", "extra": "0201"}),
            ),
            ("9F02", "000000001234", json!({"text": "1234"})),
        ] {
            assert_eq!(decode(tag, hex), expect, "{tag} {hex}");
        }
    }

    #[test]
    fn what_does_not_read_says_why() {
        for (tag, hex, kind, offset) in [
            ("95", "00", "wrong_length", Some(0)),
            ("8E", "000186A0000003E81E0342", "wrong_length", Some(0)),
            ("94", "08030100", "invalid_value", Some(2)),
            ("84", "A0000000041010", "unknown_element", None),
            ("9F", "00", "truncated_tag", Some(0)),
        ] {
            let error = decode(tag, hex);
            assert_eq!((error["kind"].as_str(), error["offset"].as_u64()), (Some(kind), offset));
        }
    }
}
