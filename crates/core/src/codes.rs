//! Codes of cells: each is an enum whose codes and words in both languages stand in one list.
//!
//! A code is what tables and results hold; the words are what a person reads. Readers, schemas, pages and outputs take
//! both from here, so that adding a code is adding one row.

use crate::Lang;

/// A code with its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeWords {
    /// In tables.
    pub code: &'static str,
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

/// What can be written in a cell as one of a few codes.
pub trait Coded: Copy + PartialEq + 'static {
    /// Every code, in the order of its list.
    const EVERY: &'static [Self];

    /// Their codes and words, in the same order.
    const WORDS: &'static [CodeWords];

    /// The code in tables, English in both languages.
    fn code(self) -> &'static str;

    /// The code in words.
    fn word(self, lang: Lang) -> &'static str;

    /// What has this code.
    fn from_code(code: &str) -> Option<Self> {
        Self::EVERY.iter().copied().find(|of| of.code() == code)
    }
}

/// Declares an enum of codes: a row is `Variant = code, Chinese word, English word;`, and where the enum has traits,
/// `=> traits` before the semicolon. A row that leaves a language or the traits out does not compile.
#[macro_export]
macro_rules! codes {
    (
        $(#[$meta:meta])*
        pub enum $name:ident: $traits:ty {
            $($(#[$doc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal => $row:expr;)+
        }
    ) => {
        $crate::codes! {
            $(#[$meta])*
            pub enum $name { $($(#[$doc])* $variant = $code, $zh, $en;)+ }
        }

        impl $name {
            /// Its row.
            const fn traits(self) -> $traits {
                match self { $(Self::$variant => $row,)+ }
            }
        }
    };
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every one, in the order of the list.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$variant),+];

            /// The code in tables, English in both languages.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// In words.
            pub fn word(self, lang: $crate::Lang) -> &'static str {
                match self { $(Self::$variant => lang.pick($zh, $en),)+ }
            }

            /// What has this code.
            pub fn from_code(code: &str) -> Option<Self> {
                <Self as $crate::codes::Coded>::from_code(code)
            }
        }

        impl $crate::codes::Coded for $name {
            const EVERY: &'static [Self] = &Self::ALL;

            const WORDS: &'static [$crate::codes::CodeWords] =
                &[$($crate::codes::CodeWords { code: $code, zh: $zh, en: $en }),+];

            fn code(self) -> &'static str {
                self.code()
            }

            fn word(self, lang: $crate::Lang) -> &'static str {
                self.word(lang)
            }
        }
    };
}
