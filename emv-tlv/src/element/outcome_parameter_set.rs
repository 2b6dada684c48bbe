//! Outcome Parameter Set.

use super::{codes::closed_codes, layout::flags};

closed_codes! {
    /// How a kernel's transaction has ended.
    pub enum OutcomeStatus {
        0x01 Approved "approved";
        0x02 Declined "declined";
        0x03 OnlineRequest "online request";
        0x04 EndApplication "end application";
        0x05 SelectNext "select next";
        0x06 TryAnotherInterface "try another interface";
        0x07 TryAgain "try again";
        0x0F NotApplicable "not applicable";
    }
}

closed_codes! {
    /// Where entry point starts again.
    pub enum OutcomeStart {
        0x00 A "A";
        0x01 B "B";
        0x02 C "C";
        0x03 D "D";
        0x0F NotApplicable "not applicable";
    }
}

closed_codes! {
    /// What an outcome says of data in the issuer's response.
    pub enum OnlineResponseData {
        0x0F NotApplicable "not applicable";
    }
}

closed_codes! {
    /// How the cardholder is verified after an outcome.
    pub enum OutcomeCvm {
        0x00 NoCvm "no CVM";
        0x01 ObtainSignature "obtain signature";
        0x02 OnlinePin "online PIN";
        0x03 ConfirmationCodeVerified "confirmation code verified";
        0x0F NotApplicable "not applicable";
    }
}

closed_codes! {
    /// Which other interface an outcome prefers.
    pub enum AlternateInterface {
        0x0F NotApplicable "not applicable";
    }
}

flags! {
    /// Outcome Parameter Set of kernel 2: how the transaction ended, and what comes next.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::{OutcomeCvm, OutcomeParameterSet, OutcomeStatus};
    ///
    /// let outcome = OutcomeParameterSet::new([0x30, 0xF0, 0xF0, 0x20, 0xB0, 0xF0, 0xFF, 0x00]);
    /// assert_eq!(outcome.status(), Some(OutcomeStatus::OnlineRequest));
    /// assert_eq!(outcome.cvm(), Some(OutcomeCvm::OnlinePin));
    /// assert!(outcome.contains(OutcomeParameterSet::DATA_RECORD));
    /// ```
    /// Source: EMV Contactless Book C-2, Annex A.1.
    pub struct OutcomeParameterSet([u8; 8]) of [OUTCOME_PARAMETER_SET];
    5 8 UI_REQUEST_ON_OUTCOME "UI request on outcome present";
    5 7 UI_REQUEST_ON_RESTART "UI request on restart present";
    5 6 DATA_RECORD "data record present";
    5 5 DISCRETIONARY_DATA "discretionary data present";
    5 4 RECEIPT "receipt";
    code 1 0xF0 status, with_status: OutcomeStatus "status";
    code 2 0xF0 start, with_start: OutcomeStart "start";
    code 3 0xF0 online_response_data, with_online_response_data: OnlineResponseData "online response data";
    code 4 0xF0 cvm, with_cvm: OutcomeCvm "CVM";
    code 6 0xF0 alternate_interface, with_alternate_interface: AlternateInterface "alternate interface preference";
    number 7 0xFF field_off_request, with_field_off_request "field off request in units of 100 ms" none 0xFF;
    number 8 0xFF removal_timeout, with_removal_timeout "removal timeout in units of 100 ms";
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    #[test]
    fn an_outcome_is_made_read_and_explained() {
        // What kernel 2 begins every transaction with.
        let first = OutcomeParameterSet::new([0xF0, 0xF0, 0xF0, 0xF0, 0x00, 0xF0, 0xFF, 0x00]);
        assert_eq!(
            first.to_string(),
            "status: not applicable; start: not applicable; online response data: not applicable; \
             CVM: not applicable; alternate interface preference: not applicable; \
             field off request in units of 100 ms: not applicable"
        );
        let again = first
            .with_status(OutcomeStatus::TryAgain)
            .with_start(OutcomeStart::B)
            .with_field_off_request(13)
            | OutcomeParameterSet::UI_REQUEST_ON_RESTART;
        assert_eq!(again.to_bytes(), [0x70, 0x10, 0xF0, 0xF0, 0x40, 0xF0, 0x0D, 0x00]);
        assert_eq!((again.field_off_request(), again.removal_timeout()), (13, 0));
        assert!(again.to_string().ends_with("field off request in units of 100 ms: 13"));
        assert_eq!(
            again.with_status(OutcomeStatus::Approved).status(),
            Some(OutcomeStatus::Approved)
        );
    }
}
