//! The S-boxes as numbers of 64 bits: bit i of `TRUTH[box][bit]` is a bit of the box's output for the input i.
//!
//! A shift by a secret amount takes as long as any other on the processors that valgrind runs on, and valgrind passes the secret on.
//!
//! Source: FIPS 46-3.

/// The boxes by row, as the standard prints them: the outer two input bits choose the row.
const BOXES: [[u64; 4]; 8] = [
    [0xE4D1_2FB8_3A6C_5907, 0x0F74_E2D1_A6CB_9538, 0x41E8_D62B_FC97_3A50, 0xFC82_4917_5B3E_A06D],
    [0xF18E_6B34_972D_C05A, 0x3D47_F28E_C01A_69B5, 0x0E7B_A4D1_58C6_932F, 0xD8A1_3F42_B67C_05E9],
    [0xA09E_63F5_1DC7_B428, 0xD709_346A_285E_CBF1, 0xD649_8F30_B12C_5AE7, 0x1AD0_6987_4FE3_B52C],
    [0x7DE3_069A_1285_BC4F, 0xD8B5_6F03_472C_1AE9, 0xA690_CB7D_F13E_5284, 0x3F06_A1D8_945B_C72E],
    [0x2C41_7AB6_853F_D0E9, 0xEB2C_47D1_50FA_3986, 0x421B_AD78_F9C5_630E, 0xB8C7_1E2D_6F09_A453],
    [0xC1AF_9268_0D34_E75B, 0xAF42_7C95_61DE_0B38, 0x9EF5_28C3_704A_1DB6, 0x432C_95FA_BE17_608D],
    [0x4B2E_F08D_3C97_5A61, 0xD0B7_491A_E35C_2F86, 0x14BD_C37E_AF68_0592, 0x6BD8_14A7_950F_E23C],
    [0xD284_6FB1_A93E_50C7, 0x1FD8_A374_C56B_0E92, 0x7B41_9CE2_06AD_F358, 0x21E7_4A8D_FC90_356B],
];

const TRUTH: [[u64; 4]; 8] = truth();

const fn truth() -> [[u64; 4]; 8] {
    let mut truth = [[0; 4]; 8];
    let mut number = 0;
    while number < 8 {
        let mut input = 0;
        while input < 64 {
            let row = (input >> 5 << 1) | (input & 1);
            let column = (input >> 1) & 0xF;
            let output = BOXES[number][row] >> (60 - 4 * column) & 0xF;
            let mut bit = 0;
            while bit < 4 {
                truth[number][bit] |= (output >> bit & 1) << input;
                bit += 1;
            }
            input += 1;
        }
        number += 1;
    }
    truth
}

/// All eight boxes: 48 bits become 32.
pub(crate) fn substitute(input: u64) -> u64 {
    let mut output = 0;
    for (number, bits) in TRUTH.iter().enumerate() {
        let six = (input >> (42 - 6 * number)) & 0x3F;
        for (bit, truth) in bits.iter().enumerate() {
            output |= ((truth >> six) & 1) << (28 - 4 * number + bit);
        }
    }
    output
}
