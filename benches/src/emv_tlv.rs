//! The 31-object tree read through and written again, and trees of other sizes.

pub mod peers;

use std::hint::black_box;

use emv_tlv::{Error, ErrorKind, Tag, Tlv, Tlvs, Walk, Writer, parse, tags, walk};

use crate::inputs::INPUTS;
use crate::{Job, Side};

/// Objects, and the bytes of all values, a template's counted once more for its own.
pub type Sum = (usize, usize);

pub fn jobs() -> Vec<Job> {
    vec![read(), read_100000(), nest(), write()]
}

fn read() -> Job {
    let sum = (31, 571);
    let ours = || read_walk(tree()).unwrap();
    assert_eq!(ours(), sum);
    let with_path = || read_paths(tree()).unwrap();
    // 3 objects at the top, then 18, 5, 2 and 3, each a template deeper.
    assert_eq!(with_path(), (sum, 18 + 5 * 2 + 2 * 3 + 3 * 4));
    let called = || read_called(tree()).unwrap();
    assert_eq!(called(), sum);
    assert_eq!(peers::sum_of_emv(&peers::emv(tree())), sum);
    assert_eq!(peers::sum_of_iso7816_tlv(&peers::iso7816_tlv(tree())), sum);
    assert_eq!(peers::sum_of_tlv_parser(&peers::tlv_parser(tree())), sum);
    assert_eq!(peers::sum_of_emv_tlv_parser(&peers::emv_tlv_parser(tree())), sum);
    Job {
        name: "emv_tlv/read",
        sides: vec![
            Side::ours("ours", ours),
            Side::ours("ours, with paths", with_path),
            Side::ours("ours, not inlined", called),
            Side::peer("emv", || peers::emv(tree())),
            Side::peer("iso7816-tlv", || peers::iso7816_tlv(tree())),
            Side::peer("tlv_parser", || peers::tlv_parser(tree())),
            Side::peer("emv_tlv_parser", || peers::emv_tlv_parser(tree())),
        ],
    }
}

fn tree() -> &'static [u8] {
    black_box(&INPUTS.emv_tree)
}

/// A record of 9 elements in their template: 10 objects, 104 bytes.
pub fn record() -> [u8; 104] {
    let lengths =
        [(0x82, 2), (0x95, 5), (0x9A, 3), (0x9C, 1), (0x5F2A, 2), (0x9F02, 6), (0x9F10, 32)];
    let elements = lengths.into_iter().chain([(0x9F26, 8), (0x9F37, 20)]);
    let mut record = [0; 104];
    let mut writer = Writer::new(&mut record);
    let written = writer.template(tags::READ_RECORD_TEMPLATE, |record| {
        elements.into_iter().try_for_each(|(tag, length)| {
            record.primitive(Tag::new(tag).unwrap(), &vec![0xA5; length])
        })
    });
    written.unwrap();
    record
}

/// 10,000 such records, filled up with zeros to 1 MiB.
fn read_100000() -> Job {
    let mut bytes = record().repeat(10_000);
    bytes.resize(1 << 20, 0x00);
    let ours = move || -> Result<Sum, Error> {
        let mut walk = walk(black_box(&bytes)).budget(100_000);
        walk.try_fold((0, 0), |sum, object| Ok(add(sum, &object?)))
    };
    assert_eq!(ours(), Ok((100_000, 10_000 * (102 + 79))));
    Job { name: "emv_tlv/read_100000", sides: vec![Side::ours("ours", ours)] }
}

/// A nest of templates is refused where it is too deep, whatever is in it.
fn nest() -> Job {
    let refused = |templates: usize| {
        let bytes: Vec<u8> = (0..templates)
            .rev()
            .flat_map(|inner| {
                let [.., a, b, c, d] = (inner * 6).to_be_bytes();
                [0xE0, 0x84, a, b, c, d]
            })
            .collect();
        let refused = move || read_walk(black_box(&bytes)).unwrap_err();
        assert_eq!((refused().kind(), refused().offset()), (ErrorKind::TooDeep, 16 * 6));
        refused
    };
    Job {
        name: "emv_tlv/nest",
        sides: vec![
            Side::ours("ours", refused(100_000)),
            Side::ours("ours, nest of 100", refused(100)),
        ],
    }
}

pub fn read_walk(bytes: &[u8]) -> Result<Sum, Error> {
    walk(bytes).try_fold((0, 0), |sum, object| Ok(add(sum, &object?)))
}

/// The same, and how many tags stand around all objects.
pub fn read_paths(bytes: &[u8]) -> Result<(Sum, usize), Error> {
    let mut walk = walk(bytes);
    let (mut sum, mut tags) = ((0, 0), 0);
    while let Some(object) = walk.next() {
        sum = add(sum, &object?);
        tags += black_box(walk.path()).len();
    }
    Ok((sum, tags))
}

/// As a caller does that the compiler does not inline into.
fn read_called(bytes: &[u8]) -> Result<Sum, Error> {
    #[inline(never)]
    fn next<'a>(walk: &mut Walk<'a>) -> Option<Result<Tlv<'a>, Error>> {
        walk.next()
    }
    let mut walk = walk(bytes);
    let mut sum = (0, 0);
    while let Some(object) = next(&mut walk) {
        sum = add(sum, &object?);
    }
    Ok(sum)
}

fn add((objects, bytes): Sum, object: &Tlv<'_>) -> Sum {
    (objects + 1, bytes + object.value().len())
}

/// Reads the tree and writes it again, object by object.
fn write() -> Job {
    assert_eq!(rewrite(&mut [0; 512]).unwrap(), INPUTS.emv_tree);
    let ours = || {
        black_box(rewrite(&mut [0; 512]).unwrap());
    };
    let emv = || -> Vec<u8> {
        let tree = peers::emv(tree());
        tree.iter().flat_map(emv::Tlv::encode).collect()
    };
    assert_eq!(emv(), INPUTS.emv_tree);
    Job {
        name: "emv_tlv/read_and_write",
        sides: vec![Side::ours("ours", ours), Side::peer("emv", emv)],
    }
}

fn rewrite(buffer: &mut [u8]) -> Result<&[u8], Error> {
    let mut writer = Writer::new(buffer);
    copy(parse(tree()), &mut writer)?;
    Ok(writer.finish())
}

fn copy(objects: Tlvs<'_>, writer: &mut Writer<'_>) -> Result<(), Error> {
    for object in objects {
        let object = object?;
        if object.is_constructed() {
            writer.template(object.tag(), |writer| copy(object.children(), writer))?;
        } else {
            writer.primitive(object.tag(), object.value())?;
        }
    }
    Ok(())
}
