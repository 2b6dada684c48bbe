//! The one table of what a tag means to one kernel or application, where others give it another meaning.
//!
//! Each block has its rows by rising tag: tag, format, lengths in bytes, source, sensitivity, templates, document, name.

macro_rules! overlays {
    ($make:ident) => { $make! {
        C2 {
            0x9F50 N 6..=6, Card Cardholder Alone C2 "Offline Accumulator Balance";
            0x9F51 B 0..=250, Card Public Alone C2 "DRDOL";
            0x9F53 An 1..=1, Terminal Public Alone C2 "Transaction Category Code";
            0x9F54 B 0..=160, Card Opaque T77 C2 "DS ODS Card";
            0x9F5B B 0..=250, Card Public Alone C2 "DSDOL";
            0x9F5C B 8..=8, Terminal Public Alone C2 "DS Requested Operator ID";
            0x9F5D B 3..=3, Card Public Bf0c C2 "Application Capabilities Information";
            0x9F5E N 8..=11, Card Pan Bf0c C2 "DS ID";
            0x9F5F B 1..=1, Card Public T77 C2 "DS Slot Availability";
            0x9F60 B 2..=2, Card Cryptogram T77 C2 "CVC3 (Track1)";
            0x9F61 B 2..=2, Card Cryptogram T77 C2 "CVC3 (Track2)";
            0x9F62 B 6..=6, Card Public T70 C2 "PCVC3 (Track1)";
            0x9F63 B 6..=6, Card Public T70 C2 "PUNATC (Track1)";
            0x9F66 B 2..=2, Card Public T70 C2 "PUNATC (Track2)";
            0x9F67 B 1..=1, Card Public T70 C2 "NATC (Track2)";
            0x9F68 B 10..=252, Card Public T70 MChip "Mag-stripe CVM List";
            0x9F69 B 0..=250, Card Public T70 C2 "UDOL";
            0x9F6B B 0..=19, Card Track T70 C2 "Track 2 Data";
            0x9F6C B 2..=2, Card Public T70 C2 "Mag-stripe Application Version Number (Card)";
            0x9F6D B 2..=2, Terminal Public Alone C2 "Mag-stripe Application Version Number (Reader)";
            0x9F6E B 5..=32, Card Opaque T70Bf0c C2 "Third Party Data";
            0x9F70 B 0..=192, Card Opaque Alone C2 "Protected Data Envelope 1";
            0x9F71 B 0..=192, Card Opaque Alone C2 "Protected Data Envelope 2";
            0x9F72 B 0..=192, Card Opaque Alone C2 "Protected Data Envelope 3";
            0x9F73 B 0..=192, Card Opaque Alone C2 "Protected Data Envelope 4";
            0x9F74 B 0..=192, Card Opaque Alone C2 "Protected Data Envelope 5";
            0x9F75 B 0..=192, Card Opaque Alone C2 "Unprotected Data Envelope 1";
            0x9F76 B 0..=192, Card Opaque Alone C2 "Unprotected Data Envelope 2";
            0x9F77 B 0..=192, Card Opaque Alone C2 "Unprotected Data Envelope 3";
            0x9F78 B 0..=192, Card Opaque Alone C2 "Unprotected Data Envelope 4";
            0x9F79 B 0..=192, Card Opaque Alone C2 "Unprotected Data Envelope 5";
            0x9F7C B 20..=20, Terminal Opaque Alone C2 "Merchant Custom Data";
            0x9F7D B 8..=16, Card Cryptogram T77 C2 "DS Summary 1";
            0x9F7E B 1..=1, Terminal Public Alone C2 "Mobile Support Indicator";
            0x9F7F B 4..=4, Card Public T77 C2 "DS Unpredictable Number";
            0xDF60 B 8..=8, Terminal Opaque Alone C2 "DS Input (Card)";
            0xDF62 B 1..=1, Terminal Public Alone C2 "DS ODS Info";
        }
        C3 {
            0x9F51 N 2..=2, Card Public Alone Visa "Application Currency Code";
            0x9F52 B 2..=6, Card Public Alone Visa "Application Default Action (ADA)";
            0x9F53 B 1..=1, Card Public Alone Visa "Consecutive Transaction Counter International Limit (CTCIL)";
            0x9F54 N 6..=6, Card Public Alone Visa "Cumulative Total Transaction Amount Limit (CTTAL)";
            0x9F55 B 1..=1, Card Public Alone Visa "Geographic Indicator";
            0x9F56 B 1..=1, Card Public Alone Visa "Issuer Authentication Indicator";
            0x9F57 N 2..=2, Card Public Alone Visa "Issuer Country Code";
            0x9F58 B 1..=1, Card Public Alone Visa "Consecutive Transaction Counter Limit (CTCL)";
            0x9F59 B 1..=1, Card Public Alone Visa "Consecutive Transaction Counter Upper Limit (CTCUL)";
            0x9F5A B 1..=16, Card Public Bf0c C3 "Application Program Identifier (Program ID)";
            0x9F5B B 0..=ANY, Terminal Public Alone C3 "Issuer Script Results";
            0x9F5C N 6..=6, Card Public Alone C3 "Cumulative Total Transaction Amount Upper Limit (CTTAUL)";
            0x9F5D N 6..=6, Card Cardholder T77 C3 "Available Offline Spending Amount (AOSA)";
            0x9F5E B 1..=1, Card Public Alone Visa "Consecutive Transaction International Upper Limit (CTIUL)";
            0x9F63 B 1..=6, Card Opaque Alone Visa "Offline Counter Initial Value";
            0x9F66 B 4..=4, Terminal Public Alone C3 "Terminal Transaction Qualifiers (TTQ)";
            0x9F67 B 1..=1, Card Public Alone Visa "MSD Offset";
            0x9F68 B 4..=4, Card Public Alone Visa "Card Additional Processes";
            0x9F69 B 5..=16, Card Public T70 C3 "Card Authentication Related Data";
            0x9F6B N 6..=6, Card Public Alone Visa "Card CVM Limit";
            0x9F6C B 2..=2, Card Public T70T77 C3 "Card Transaction Qualifiers (CTQ)";
            0x9F6D N 6..=6, Card Public Alone Visa "VLP Reset Threshold";
            0x9F6E B 4..=4, Card Public T77 C3 "Form Factor Indicator (FFI)";
            0x9F72 B 1..=1, Card Public Alone Visa "Consecutive Transaction Counter International Country Limit (CTCICL)";
            0x9F73 B 4..=4, Card Public Alone Visa "Currency Conversion Parameters";
            0x9F74 A 6..=6, Card Public Alone Visa "VLP Issuer Authorisation Code";
            0x9F75 N 6..=6, Card Public Alone Visa "Cumulative Total Transaction Amount Limit (Dual Currency)";
            0x9F76 N 2..=2, Card Public Alone Visa "Secondary Application Currency Code";
            0x9F77 N 6..=6, Card Public Alone Visa "VLP Funds Limit";
            0x9F78 N 6..=6, Card Public Alone Visa "VLP Single Transaction Limit";
            0x9F79 N 6..=6, Card Cardholder Alone Visa "VLP Available Funds";
            0x9F7C B 0..=32, Card Cardholder Alone C3 "Customer Exclusive Data (CED)";
        }
        C4 {
            0x9F5A B 1..=4, Card Public Alone C4 "Membership Product Identifier";
            0x9F5B Var 0..=32, Card Cardholder Alone C4 "Product Membership Number";
            0x9F6D B 1..=1, Terminal Public Alone C4 "Contactless Reader Capabilities";
            0x9F6E B 4..=4, Terminal Public Alone C4 "Enhanced Contactless Reader Capabilities";
            0x9F70 B 2..=2, Card Public Alone C4 "Card Interface and Payment Capabilities";
            0x9F71 B 3..=4, Card Public T77 C4 "Mobile CVM Results";
        }
        C5 {
            0x9F50 B 1..=1, Card Public Alone C5 "Cardholder Verification Status";
            0x9F52 B 1..=1, Terminal Public Alone C5 "Terminal Compatibility Indicator";
            0x9F53 B 3..=3, Terminal Public Alone C5 "Terminal Interchange Profile";
            0x9F5C B 0..=252, Card Public Alone C5 "Magstripe Data Object List (MDOL)";
            0x9F5F N 6..=6, Card Cardholder T77 C5 "Offline Balance";
            0x9F60 B 1..=1, Card Public Alone C5 "Issuer Update Parameter";
            0x9F6E B 4..=4, Card Opaque Alone C5 "Device Information";
            0x9F7C B 0..=32, Card Cardholder Alone C5 "Partner Discretionary Data";
        }
        C6 {
            0xC1 B 3..=3, Card Opaque Alone DPas "Application Configuration Options";
            0xC2 B 48..=48, Card Opaque Alone DPas "Issuer Life Cycle Data";
            0xC3 B 5..=5, Card Opaque Alone DPas "Currency Conversion Code 1";
            0xC4 B 5..=5, Card Opaque Alone DPas "Currency Conversion Code 2";
            0xC5 B 3..=3, Card Opaque Alone DPas "Card Action Code - Denial";
            0xC6 B 3..=3, Card Opaque Alone DPas "Card Action Code - Default";
            0xC7 B 3..=3, Card Opaque Alone DPas "Card Action Code - Online";
            0xC8 N 6..=6, Card Opaque Alone DPas "Lower Cumulative Offline Amount (LCOA)";
            0xC9 N 6..=6, Card Opaque Alone DPas "Upper Cumulative Offline Amount (UCOA)";
            0xCA N 6..=6, Card Opaque Alone DPas "Single Transaction Amount (STA) Limit";
            0xCB B 1..=1, Card Opaque Alone DPas "Lower Consecutive Offline Limit (LCOL)";
            0xCD B 1..=1, Card Opaque Alone DPas "Number of Consecutive Offline Transactions (NCOT) Counter";
            0xCE N 6..=6, Card Cardholder Alone DPas "Cumulative Offline Amount (COA) Counter";
            0xD1 N 6..=6, Card Cardholder Alone DPas "Offline Balance";
            0xD2 N 2..=2, Card Opaque Alone DPas "CRM Country Code";
            0xD3 N 2..=2, Card Opaque Alone DPas "CRM Currency Code";
            0xD5 N 6..=6, Card Opaque Alone DPas "CVM Cumulative Transaction Limit 1";
            0xD6 N 6..=6, Card Opaque Alone DPas "CVM Cumulative Transaction Limit 2";
            0xD7 N 6..=6, Card Opaque Alone DPas "CVM Single Transaction Amount Limit 1";
            0xD8 N 6..=6, Card Opaque Alone DPas "CVM Single Transaction Amount Limit 2";
            0xD9 B 1..=1, Card Opaque Alone DPas "CVM Counter";
            0xDA B 1..=1, Card Opaque Alone DPas "CVM Consecutive Transaction Limit 1";
            0xDB B 1..=1, Card Opaque Alone DPas "CVM Consecutive Transaction Limit 2";
            0x9F66 B 4..=4, Terminal Public Alone C6 "Terminal Transaction Qualifiers (TTQ)";
            0x9F6E B 4..=8, Card Opaque Bf0c DPas "Form Factor Indicator";
            0x9F71 B 2..=2, Card Public Alone DPas "Card Processing Requirement";
            0x9F7D B 2..=2, Terminal Public Alone DPas "Application Version Number";
            0xDF30 B 3..=3, Card Opaque Alone DPas "CRM Card Action Code - Switch Interface";
            0xDF31 B 3..=3, Card Opaque Alone DPas "CRM Card Action Code - Denial";
            0xDF32 B 3..=3, Card Opaque Alone DPas "CRM Card Action Code - Online";
            0xDF33 B 3..=3, Card Opaque Alone DPas "CRM Card Action Code - Default";
            0xDF34 B 2..=2, Card Opaque Alone DPas "CVM Card Action Code - Online PIN";
            0xDF35 B 2..=2, Card Opaque Alone DPas "CVM Card Action Code - Signature";
            0xDF3A B 1..=1, Card Opaque Bf0c DPas "Card Feature Version Number";
            0xDF3B B 0..=ANY, Card Opaque Bf0c DPas "Card Feature Descriptor";
            0xDF3C B 1..=32, Card Opaque Alone DPas "Extended Logging Data";
            0xDF62 B 2..=2, Card Opaque Bf0c DPas "Application Selection Flag";
        }
        C7 {
            0x9F51 N 2..=2, Card Public Alone UnionPay "Application Currency Code";
            0x9F54 N 6..=6, Card Public Alone UnionPay "Cumulative Total Transaction Amount Limit";
            0x9F5C N 6..=6, Card Public Alone UnionPay "Cumulative Total Transaction Amount Upper Limit";
            0x9F5D N 6..=6, Card Cardholder T77 C7 "Available Offline Spending Amount (AOSA)";
            0x9F61 Ans 1..=40, Card Cardholder T70 UnionPay "Cardholder Identification Number";
            0x9F62 B 1..=1, Card Public T70 UnionPay "Cardholder Identification Type";
            0x9F63 B 16..=16, Card Opaque Alone UnionPay "Product Identification Information";
            0x9F66 B 4..=4, Terminal Public Alone C7 "Terminal Transaction Qualifiers (TTQ)";
            0x9F68 B 4..=4, Card Public Alone UnionPay "Card Additional Processes";
            0x9F69 B 5..=16, Card Public T70 C7 "Card Authentication Related Data";
            0x9F6B N 6..=6, Card Public Alone UnionPay "Card CVM Limit";
            0x9F6C B 2..=2, Card Public T70T77 C7 "Card Transaction Qualifiers (CTQ)";
            0x9F6D N 6..=6, Card Public Alone UnionPay "Electronic Cash Reset Threshold";
            0x9F74 A 6..=6, Card Public Alone UnionPay "Electronic Cash Issuer Authorisation Code";
            0x9F77 N 6..=6, Card Public Alone UnionPay "Electronic Cash Balance Limit";
            0x9F78 N 6..=6, Card Public Alone UnionPay "Electronic Cash Single Transaction Limit";
            0x9F79 N 6..=6, Card Cardholder Alone UnionPay "Electronic Cash Balance";
            0x9F7A N 1..=1, Terminal Public Alone UnionPay "Electronic Cash Terminal Support Indicator";
            0x9F7B N 6..=6, Terminal Public Alone UnionPay "Electronic Cash Terminal Transaction Limit";
            0x9F7C B 0..=32, Card Cardholder Alone UnionPay "Partner Proprietary Data";
            0xDF11 B 5..=5, Terminal Opaque Alone UnionPay "Terminal Action Code - Default";
            0xDF12 B 5..=5, Terminal Opaque Alone UnionPay "Terminal Action Code - Online";
            0xDF13 B 5..=5, Terminal Opaque Alone UnionPay "Terminal Action Code - Denial";
            0xDF14 B 0..=252, Terminal Opaque Alone UnionPay "Default DDOL";
            0xDF15 B 4..=4, Terminal Opaque Alone UnionPay "Threshold Value for Biased Random Selection";
            0xDF16 B 1..=1, Terminal Opaque Alone UnionPay "Maximum Target Percentage for Biased Random Selection";
            0xDF17 B 1..=1, Terminal Opaque Alone UnionPay "Target Percentage for Random Selection";
            0xDF18 B 1..=1, Terminal Opaque Alone UnionPay "Online PIN Support Indicator";
            0xDF19 N 6..=6, Terminal Opaque Alone UnionPay "Contactless Floor Limit";
            0xDF20 N 6..=6, Terminal Opaque Alone UnionPay "Contactless Transaction Limit";
            0xDF21 N 6..=6, Terminal Opaque Alone UnionPay "CVM Required Limit";
            0xDF31 B 0..=ANY, Terminal Opaque Alone UnionPay "Issuer Script Results";
            0xDF60 B 1..=1, Terminal Opaque Alone UnionPay "CAPP Transaction Indicator";
        }
        C8 {
        }
        Interac {
            0x9F58 B 1..=1, Terminal Public Alone Interac "Merchant Type Indicator";
            0x9F59 B 3..=3, Terminal Public Alone Interac "Terminal Transaction Information";
            0x9F5A B 1..=1, Terminal Public Alone Interac "Terminal Transaction Type";
            0x9F5D N 6..=6, Terminal Public Alone Interac "Terminal Contactless Receipt Required Limit";
            0x9F5E B 2..=2, Terminal Public Alone Interac "Terminal Option Status";
            0x9F5F N 6..=6, Terminal Public Alone Interac "Terminal Contactless Floor Limit";
        }
        MChip {
            0xCE B 3..=3, Card Opaque Alone MChip "Card Issuer Action Code (Contactless) - Online";
            0xD1 B 25..=25, Card Opaque Alone MChip "Accumulator 1 Currency Conversion Table";
            0x9F50 N 6..=6, Card Cardholder Alone MChip "Offline Accumulator Balance";
            0x9F52 B 6..=6, Card Opaque Alone MChip "Card Verification Results";
            0x9F55 B 1..=1, Card Opaque Alone MChip "Issuer Authentication Flags";
            0x9F56 B 1..=32, Card Opaque Alone MChip "Issuer Proprietary Bitmap";
            0x9F7E B 0..=48, Card Opaque Alone MChip "Application Life Cycle Data";
            0xDF11 B 0..=ANY, Card Opaque Alone MChip "Accumulator 1 Control (Contact)";
            0xDF12 B 0..=ANY, Card Opaque Alone MChip "Accumulator 1 Control (Contactless)";
            0xDF13 B 0..=ANY, Card Cardholder Alone MChip "Accumulator 2 Amount";
            0xDF14 B 0..=ANY, Card Opaque Alone MChip "Accumulator 2 Control (Contact)";
            0xDF15 B 0..=ANY, Card Opaque Alone MChip "Accumulator 2 Control (Contactless)";
            0xDF16 B 0..=ANY, Card Opaque Alone MChip "Accumulator 2 Currency Code";
            0xDF17 B 0..=ANY, Card Opaque Alone MChip "Accumulator 2 Currency Conversion Table";
            0xDF18 B 0..=ANY, Card Opaque Alone MChip "Accumulator 2 Lower Limit";
            0xDF19 B 0..=ANY, Card Opaque Alone MChip "Accumulator 2 Upper Limit";
            0xDF20 B 0..=ANY, Card Opaque Alone MChip "Counter 2 Number";
            0xDF21 B 0..=ANY, Card Opaque Alone MChip "Counter 2 Upper Limit";
            0xDF30 B 0..=ANY, Card Opaque Alone MChip "Interface Enabling Switch";
            0xDF32 B 0..=ANY, Card Opaque Alone MChip "SMI Session Key Counter Limit (Contact)";
            0xDF33 B 0..=ANY, Card Opaque Alone MChip "SMI Session Key Counter Limit (Contactless)";
            0xDF34 B 0..=ANY, Card Opaque Alone MChip "AC Session Key Counter Limit (Contactless)";
            0xDF3A B 0..=ANY, Card Opaque Alone MChip "AC Session Key Counter Limit (Contact)";
            0xDF3B B 0..=ANY, Card Cardholder Alone MChip "Accumulator 1 Amount";
            0xDF3C B 0..=ANY, Card Opaque Alone MChip "CVR Issuer Discretionary Data (Contact)";
        }
        Cpa {
            0xC1 B 0..=ANY, Card Opaque Alone Cpa "Application Control";
            0xC2 B 0..=ANY, Card Opaque Alone Cpa "Profile Selection File Entry";
            0xC3 B 0..=ANY, Card Opaque Alone Cpa "Number of Days Offline Limit";
            0xC4 B 0..=ANY, Card Opaque Alone Cpa "Security Limits Status";
            0xC9 B 0..=ANY, Card Opaque Alone Cpa "Offline Balance Currency Code";
            0x9F50 Var 0..=6, Card Cardholder Alone Cpa "Offline Balance";
            0x9F7E B 0..=48, Card Opaque Alone Cpa "Application Life Cycle Data";
        }
    } };
}

pub(super) use overlays;
