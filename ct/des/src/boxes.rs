//! The S-boxes, and the permutation behind them.
//!
//! A box's output is chosen bit by bit of its input: each bit keeps one half of what is left. No index, no branch, and no shift by a
//! secret amount, which compilers may turn into an instruction that valgrind takes for an access to memory.
//!
//! Source: FIPS 46-3.

use core::hint::black_box;

/// The boxes by row, as the standard prints them: the outer two input bits choose the row, the inner four the digit.
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

/// Where each bit of the boxes' output goes, counted from the right: the table P.
const PLACES: [[u8; 4]; 8] = places();

const fn places() -> [[u8; 4]; 8] {
    /// From the left, which bit comes to each place.
    const P: [u8; 32] = [
        16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9,
        19, 13, 30, 6, 22, 11, 4, 25,
    ];
    let mut places = [[0; 4]; 8];
    let mut place = 0;
    while place < 32 {
        let from = P[place] as usize - 1;
        places[from / 4][from % 4] = 31 - place as u8;
        place += 1;
    }
    places
}

/// All eight boxes and the permutation: eight times six bits become 32.
pub(crate) fn substitute(input: u64) -> u64 {
    let mut output = 0;
    for (number, (rows, places)) in BOXES.iter().zip(&PLACES).enumerate() {
        let six = input >> (42 - 6 * number);
        let upper = choose(six >> 5, rows[2], rows[0]);
        let lower = choose(six >> 5, rows[3], rows[1]);
        let mut digits = choose(six, lower, upper);
        for (bit, width) in [(4, 32), (3, 16), (2, 8), (1, 4)] {
            digits = choose(six >> bit, digits, digits >> width);
        }
        for (bit, place) in places.iter().enumerate() {
            output |= (digits >> (3 - bit) & 1) << place;
        }
    }
    output
}

/// The first if the lowest bit is set, else the second.
fn choose(bit: u64, first: u64, second: u64) -> u64 {
    second ^ ((first ^ second) & black_box((bit & 1).wrapping_neg()))
}
