//! Application Usage Control.

use super::layout::flags;

flags! {
    /// Application Usage Control: where and for what the issuer lets the application be used.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::Auc;
    ///
    /// let usage = Auc::new([0xAB, 0x80]);
    /// assert!(usage.contains(Auc::DOMESTIC_CASH) && !usage.contains(Auc::INTERNATIONAL_CASH));
    /// ```
    /// Source: EMV 4.4 Book 3, Annex C2.
    pub struct Auc([u8; 2]) of [APPLICATION_USAGE_CONTROL];
    1 8 DOMESTIC_CASH "valid for domestic cash transactions";
    1 7 INTERNATIONAL_CASH "valid for international cash transactions";
    1 6 DOMESTIC_GOODS "valid for domestic goods";
    1 5 INTERNATIONAL_GOODS "valid for international goods";
    1 4 DOMESTIC_SERVICES "valid for domestic services";
    1 3 INTERNATIONAL_SERVICES "valid for international services";
    1 2 ATM "valid at ATMs";
    1 1 OTHER_THAN_ATM "valid at terminals other than ATMs";
    2 8 DOMESTIC_CASHBACK "domestic cashback allowed";
    2 7 INTERNATIONAL_CASHBACK "international cashback allowed";
}
