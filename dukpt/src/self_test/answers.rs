//! What is known, as numbers of eight bytes.

/// What every algorithm has to answer, in the order of the tests, eight bytes a word.
#[rustfmt::skip]
pub(super) static ANSWERS: [u64; 72] = [
    // TDES DUKPT, ANSI X9.24-1:2009 A.4: the initial key, and the transaction key of FFFF9876543210EFF800.
    0x6AC2_92FA_A131_5B4D, 0x858A_B3A3_D7D5_933A,
    0xF9CD_FEBF_4F5B_1D9E, 0xB3EC_1245_4527_E176,
    // Its PIN block, and the first block of data under both keys with the final self-encryption.
    0x3336_5F5C_C6F2_3C35,
    0x5FF8_C648_5659_75E7,
    0x2660_EB36_50AE_B3E3,
    // The data keys without it: the transaction key and the two masks.
    0xF9CD_FEBF_4FA4_1D9E, 0xB3EC_1245_45D8_E176,
    0xF9CD_FE40_4F5B_1D9E, 0xB3EC_12BA_4527_E176,
    // Retail MACs of request and response, of which the standard prints four bytes; CMACs (openemv).
    0x23E3_CB62_478E_6EA4,
    0x5776_C376_71CD_7AF9,
    0x8632_9357_5AA4_68D7,
    0x8E70_A73A_6118_5B55,
    // AES DUKPT, ANSI X9.24-3:2017 supplement, base key of 128 bits: the initial key, and of counter 7 the
    // transaction key and the keys for PIN, MAC generation and data encryption.
    0x1273_671E_A26A_C29A, 0xFA4D_1084_1276_52A1,
    0xA825_3CEE_D9AC_042C, 0x54F7_5D35_C835_2278,
    0x6ECF_912F_3B18_CA11, 0xA7A2_7BB6_0705_FD09,
    0xBAA0_8CA2_63C6_9525, 0xBC6B_1BA8_F427_5D69,
    0x0FA8_F1F0_A2DD_7B10, 0x05A8_62D7_7CDE_D698,
    // Of counter 1, by the rules of the standard: a TDES3 key for PINs, a TDES2 key for MACs.
    0xEA8B_3F37_EB9B_1583, 0x1167_EF29_77FD_8762, 0xD9B5_913F_3576_6F6A,
    0x5D8F_D787_E8A7_96D0, 0x7035_FFCA_9B58_00BB,
    // Of counter 8, own: an HMAC128 key for MACs.
    0x852E_FA07_5533_EB43, 0x341F_DDCF_BDD9_EC1C,
    // The update key.
    0x9A97_70AE_E1AC_D1B1, 0x3473_D046_3A18_83B9,
    // Base key of 192 bits (own, and openemv's): the initial key, and of counter 00845FED the MAC key; the update key.
    0x5B6D_EE2B_5B7F_ABFF, 0xA325_91F3_5BF8_F23D, 0xD932_9AE8_5131_E584,
    0xFDB0_572D_1541_3615, 0x9312_87E3_D5FB_DB38, 0x6C14_49A8_7BB9_9978,
    0x8222_D2B5_467D_432E, 0x1226_9F5C_85FF_9F3F, 0x4655_28EF_503A_7C11,
    // Base key of 256 bits, the supplement: the initial key, the transaction key of counter 7, its AES128 key for PINs;
    // the update key.
    0xCE9C_E0C1_01D1_138F, 0x97FB_6CAD_4DF0_45A7, 0x083D_4EAE_2D35_A317, 0x89D0_1CCF_0949_550F,
    0x88D0_ACA2_87B3_066F, 0x5DE0_C933_9633_7D4C, 0x2DA8_D92C_1F72_0A57, 0x6D62_CEB4_C979_E01E,
    0xB7C6_BB18_7134_E9D4, 0x29C3_E8B7_CCBD_8477,
    0xAEFB_210C_1362_78A1, 0x279F_7C88_15F4_46DB, 0x8EBE_2AA9_10B1_57AA, 0x4E64_84D8_DE9C_4807,
    // CBC-MAC with paddings 1, 2, 3: ISO/IEC 9797-1:2011 B.2. Retail MAC: B.4 with padding 1, own ones with 2 and 3.
    0xE45B_3AD2_B7CC_0856,
    0x10E1_F0F1_0834_1B6D,
    0x2C58_FB8F_F12A_AEAC,
    0x2E2B_1428_CC78_254F,
    0x7E2A_EA5C_F35F_DC0E,
    0xC59F_7EED_328D_DD69,
    // CMAC, NIST SP 800-38B: AES of 128, 192 and 256 bits, TDES of two and three keys.
    0xDFA6_6747_DE9A_E630, 0x30CA_3261_1497_C827,
    0x8A1D_E5BE_2EB3_1AAD, 0x089A_82E6_EE90_8B0E,
    0x28A7_023F_452E_8F82, 0xBD4B_F28D_8C37_C35C,
    0x62DD_1B47_1902_BD4E,
    0x8E8F_2931_3628_3797,
    // UnionPay's ECB MAC: the characters 91D1BEC1.
    0x3931_4431_4245_4331,
];

/// HMAC-SHA-256 of RFC 4231, test case 2.
pub(super) static HMAC_SHA256: [u64; 4] =
    [0x5BDC_C146_BF60_754E, 0x6A04_2426_0895_75C7, 0x5A00_3F08_9D27_3983, 0x9DEC_58B9_64EC_3843];

/// HMAC-SHA-384 of RFC 4231, test case 2.
pub(super) static HMAC_SHA384: [u64; 6] = [
    0xAF45_D2E3_7648_4031,
    0x617F_78D2_B58A_6B1B,
    0x9C7E_F464_F5A0_1B47,
    0xE42E_C373_6322_445E,
    0x8E22_40CA_5E69_E2C7,
    0x8B32_39EC_FAB2_1649,
];

/// HMAC-SHA-512 of RFC 4231, test case 2.
pub(super) static HMAC_SHA512: [u64; 8] = [
    0x164B_7A7B_FCF8_19E2,
    0xE395_FBE7_3B56_E0A3,
    0x87BD_6422_2E83_1FD6,
    0x1027_0CD7_EA25_0554,
    0x9758_BF75_C05A_994A,
    0x6D03_4F65_F8F0_E6FD,
    0xCAEA_B1A3_4D4A_6B4B,
    0x636E_070A_38BC_E737,
];

/// SM4's block of GB/T 32907-2016, example 1; then its CMAC and its CBC-MAC with padding 1, which are own ones.
pub(super) static SM4: [u64; 6] = [
    0x681E_DF34_D206_965E,
    0x86B3_E94F_536E_4246,
    0x4C20_1919_96FC_B4DE,
    0xCC29_2337_3430_9750,
    0x5C3A_3366_E55B_7C9F,
    0x1909_11BA_04A8_B636,
];
