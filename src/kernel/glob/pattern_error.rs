//! What can be wrong with a pattern, in words.

/// Why a pattern was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternError {
    TooLong,
    TooDeep,
    TooManyWays,
    UnclosedBrace,
    UnclosedClass,
    StrayBrace,
    StrayBracket,
    OneAlternative,
    EmptyClass,
    NamedClass,
    ShellNegation,
    BackwardRange,
    OpenRange,
    WideCharacter,
    EmptyEscape,
    LetterEscape,
    Variable,
}

impl PatternError {
    /// What is wrong, and what to do.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            PatternError::TooLong => ("is longer than any path", "a path has at most 4096 bytes"),
            PatternError::TooDeep => ("has braces nested too deeply", "write several entries"),
            PatternError::TooManyWays => (
                "has braces that can be empty in too many ways for `apparmor_parser`",
                "write several entries",
            ),
            PatternError::UnclosedBrace => {
                ("has a `{` that nothing closes", "close it with `}`, or write `\\{` for the character")
            }
            PatternError::UnclosedClass => {
                ("has a `[` that nothing closes", "close it with `]`, or write `\\[` for the character")
            }
            PatternError::StrayBrace => ("has a `}` that closes nothing", "write `\\}` for the character"),
            PatternError::StrayBracket => ("has a `]` that closes nothing", "write `\\]` for the character"),
            PatternError::OneAlternative => (
                "has braces with fewer than two alternatives",
                "leave the braces out, or write `{a,b}`; `{,a}` means `a` or nothing",
            ),
            PatternError::EmptyClass => {
                ("has an empty character class", "put characters between `[` and `]`")
            }
            PatternError::NamedClass => {
                ("has a named character class", "AppArmor has none: write a range, such as `[a-z]`")
            }
            PatternError::ShellNegation => (
                "has a class that starts with `!`",
                "AppArmor negates with `^`: write `[^a]`, or `[\\!]` for the character",
            ),
            PatternError::BackwardRange => {
                ("has a range that runs backwards", "write the lower character first, as in `[a-z]`")
            }
            PatternError::OpenRange => {
                ("has a range without an end", "write `-` first, or `\\-`, for the character")
            }
            PatternError::WideCharacter => (
                "has a character in a class that is more than one byte",
                "AppArmor matches bytes: write `{é,è}` instead of `[éè]`",
            ),
            PatternError::EmptyEscape => {
                ("ends in a `\\` that escapes nothing", "write `\\\\` for a backslash")
            }
            PatternError::LetterEscape => (
                "has a `\\` before a letter or digit",
                "write `\\\\` for a backslash; only special characters are escaped",
            ),
            PatternError::Variable => (
                "holds a variable",
                "variables differ from node to node: write the path itself, or use `raw-rules`",
            ),
        }
    }
}
