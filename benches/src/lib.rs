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

pub use job::{Job, Side};

/// Every job. Building one asserts that its sides agree.
pub fn jobs() -> Vec<Job> {
    [
        iso8583::jobs(),
        link::jobs(),
        emv_tlv::jobs(),
        dukpt::jobs(),
        pinblock::jobs(),
        mac::jobs(),
        keyblock::jobs(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_side_of_every_job_runs() {
        let jobs = super::jobs();
        for job in &jobs {
            assert_eq!(job.sides[0].name, "ours", "{}", job.name);
            job.sides.iter().for_each(|side| side.run());
        }
        assert_eq!(jobs.len(), 30);
    }
}
