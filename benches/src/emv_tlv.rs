//! The 31-object tree: read through, and written again.

use std::hint::black_box;

use emv_tlv::{Error, Tlv, Tlvs, Walk, Writer, parse, walk};

use crate::inputs::INPUTS;
use crate::{Job, Side};

/// Objects, and the bytes of all values, a template's counted once more for its own.
type Sum = (usize, usize);

pub fn jobs() -> Vec<Job> {
    vec![read(), write()]
}

fn read() -> Job {
    let sum = (31, 571);
    let ours = || read_walk(black_box(&INPUTS.emv_tree)).unwrap();
    assert_eq!(ours(), sum);
    let with_path = || read_paths(black_box(&INPUTS.emv_tree)).unwrap();
    // 3 objects at the top, then 18, 5, 2 and 3, each a template deeper.
    assert_eq!(with_path(), (31, 18 + 5 * 2 + 2 * 3 + 3 * 4));
    let called = || read_called(black_box(&INPUTS.emv_tree)).unwrap();
    assert_eq!(called(), sum);
    let emv = || emv::Tlv::parse_all(black_box(&INPUTS.emv_tree)).unwrap();
    assert_eq!(sum_of(&emv()), sum);
    Job {
        name: "emv_tlv/read",
        sides: vec![
            Side::new("ours", ours),
            Side::new("ours, with paths", with_path),
            Side::new("ours, not inlined", called),
            Side::new("emv", emv),
        ],
    }
}

fn read_walk(bytes: &[u8]) -> Result<Sum, Error> {
    walk(bytes).try_fold((0, 0), |sum, object| Ok(add(sum, &object?)))
}

/// Objects, and the tags of the templates around them.
fn read_paths(bytes: &[u8]) -> Result<Sum, Error> {
    let mut walk = walk(bytes);
    let mut sum = (0, 0);
    while let Some(object) = walk.next() {
        black_box(object?);
        sum = (sum.0 + 1, sum.1 + black_box(walk.path()).len());
    }
    Ok(sum)
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

fn sum_of(tree: &[emv::Tlv]) -> Sum {
    tree.iter().fold((0, 0), |(objects, bytes), object| {
        let children = object.value().as_constructed().map_or((0, 0), sum_of);
        (objects + 1 + children.0, bytes + object.value_len() + children.1)
    })
}

/// Reads the tree and writes it again, object by object.
fn write() -> Job {
    assert_eq!(rewrite(&mut [0; 512]).unwrap(), INPUTS.emv_tree);
    let ours = || {
        black_box(rewrite(&mut [0; 512]).unwrap());
    };
    let emv = || -> Vec<u8> {
        let tree = emv::Tlv::parse_all(black_box(&INPUTS.emv_tree)).unwrap();
        tree.iter().flat_map(emv::Tlv::encode).collect()
    };
    assert_eq!(emv(), INPUTS.emv_tree);
    Job {
        name: "emv_tlv/read_and_write",
        sides: vec![Side::new("ours", ours), Side::new("emv", emv)],
    }
}

fn rewrite(buffer: &mut [u8]) -> Result<&[u8], Error> {
    let mut writer = Writer::new(buffer);
    copy(parse(black_box(&INPUTS.emv_tree)), &mut writer)?;
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
