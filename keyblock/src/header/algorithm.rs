use super::character::characters;

characters! {
    /// The algorithm that a key works with: the character at offset 7.
    ///
    /// `Display` writes the character.
    ///
    /// Source: ANSI X9.143:2021, 6.3.2, table 3.
    Algorithm, "An algorithm that the standard does not have: any other of 0-9 and A-Z.";
    b'A' Aes "AES", "A: AES with a key of 16, 24 or 32 bytes.";
    b'D' Des "DES", "D: DES with a key of 8 bytes. Deprecated.";
    b'E' EllipticCurve "elliptic curve", "E: a private key of an elliptic curve.";
    b'H' Hmac "HMAC", "H: HMAC; the optional block HM names the hash.";
    b'R' Rsa "RSA", "R: a private key of RSA.";
    b'S' Dsa "DSA", "S: a private key of DSA.";
    b'T' Tdes "TDES", "T: triple DES with a key of 16 or 24 bytes.";
}
