use super::character::characters;

characters! {
    /// What may be done with a key: the character at offset 8.
    ///
    /// `Display` writes the character.
    ///
    /// Source: ANSI X9.143:2021, 6.3.3, table 4.
    ModeOfUse, "A mode that the standard does not have: any other of 0-9 and A-Z.";
    b'B' EncryptAndDecrypt "encrypt and decrypt", "B: encrypts and decrypts, or wraps and unwraps.";
    b'C' GenerateAndVerify "generate and verify", "C: generates and verifies MACs and other values.";
    b'D' DecryptOnly "decrypt only", "D: decrypts or unwraps.";
    b'E' EncryptOnly "encrypt only", "E: encrypts or wraps.";
    b'G' GenerateOnly "generate only", "G: generates MACs and other values.";
    b'N' Unrestricted "no special restrictions", "N: all that the usage allows.";
    b'S' SignOnly "sign only", "S: signs.";
    b'T' SignAndDecrypt "sign and decrypt", "T: signs and decrypts.";
    b'V' VerifyOnly "verify only", "V: verifies MACs and other values.";
    b'X' Derive "derive keys", "X: derives other keys.";
    b'Y' CreateVariants "create key variants", "Y: makes variants of itself.";
}
