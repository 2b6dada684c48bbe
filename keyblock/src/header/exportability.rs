use super::character::characters;

characters! {
    /// Where a key may go from here: the character at offset 11.
    ///
    /// `Display` writes the character.
    ///
    /// Source: ANSI X9.143:2021, 6.3.5, table 6.
    Exportability, "A value that the standard does not have: any other of 0-9 and A-Z.";
    b'E' Exportable "exportable in a trusted key block", "E: exportable under a key that protects it as X9.24 demands.";
    b'N' NonExportable "not exportable", "N: not exportable.";
    b'S' Sensitive "sensitive", "S: sensitive: exportable under a key that need not protect it as X9.24 demands.";
}
