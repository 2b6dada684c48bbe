//! What is measured, once for criterion and for callgrind: see README.md.

pub mod dukpt;
pub mod emv_tlv;
mod inputs;
pub mod iso8583;
mod job;
pub mod keyblock;
pub mod link;
pub mod mac;
pub mod pinblock;

pub use job::{Job, Of, Side};

/// The groups of jobs, each named as its jobs begin; the longest to count first.
pub const GROUPS: [Group; 7] = [
    ("dukpt", dukpt::jobs),
    ("link", link::jobs),
    ("emv_tlv", emv_tlv::jobs),
    ("mac", mac::jobs),
    ("iso8583", iso8583::jobs),
    ("keyblock", keyblock::jobs),
    ("pinblock", pinblock::jobs),
];

/// A name, and its jobs; building them asserts that their sides agree.
pub type Group = (&'static str, fn() -> Vec<Job>);

#[cfg(test)]
mod tests {
    use super::{GROUPS, Job, Of, Side};

    #[test]
    fn every_side_of_every_job_runs() {
        let mut jobs = 0;
        for (group, build) in GROUPS {
            for Job { name, sides } in build() {
                assert_eq!(name.split_once('/').unwrap().0, group);
                assert_eq!((sides[0].name, sides[0].of), ("ours", Of::Ours), "{name}");
                sides.iter().for_each(Side::run);
                jobs += 1;
            }
        }
        assert_eq!(jobs, 30);
    }
}
