//! Records of ten objects each, read through.

use std::hint::black_box;

use benches::Side;
use benches::emv_tlv::{peers, read_paths, read_walk, record};

use super::Sweep;

pub(super) fn objects() -> Sweep {
    let points = [1, 20, 40, 60, 80, 100].map(|records| (10 * records, sides(records as usize)));
    Sweep { name: "sweep/tlv_objects", points: points.into() }
}

fn sides(records: usize) -> Vec<Side> {
    let bytes: &'static [u8] = record().repeat(records).leak();
    let bytes = move || black_box(bytes);
    let sum = (10 * records, (102 + 79) * records);
    assert_eq!(read_walk(bytes()), Ok(sum));
    // One tag stands around each of a record's nine elements.
    assert_eq!(read_paths(bytes()), Ok((sum, 9 * records)));
    assert_eq!(peers::sum_of_emv(&peers::emv(bytes())), sum);
    assert_eq!(peers::sum_of_iso7816_tlv(&peers::iso7816_tlv(bytes())), sum);
    assert_eq!(peers::sum_of_tlv_parser(&peers::tlv_parser(bytes())), sum);
    assert_eq!(peers::sum_of_emv_tlv_parser(&peers::emv_tlv_parser(bytes())), sum);
    vec![
        Side::ours("ours", move || read_walk(bytes()).unwrap()),
        Side::ours("ours, with paths", move || read_paths(bytes()).unwrap()),
        Side::peer("emv", move || peers::emv(bytes())),
        Side::peer("iso7816-tlv", move || peers::iso7816_tlv(bytes())),
        Side::peer("tlv_parser", move || peers::tlv_parser(bytes())),
        Side::peer("emv_tlv_parser", move || peers::emv_tlv_parser(bytes())),
    ]
}
