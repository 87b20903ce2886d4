//! Words that shells offer for an argument, and that help does not list: there are many.
//!
//! Any other word is taken too: what is wrong with it, and what was meant, the command itself says best.

use super::{codes, init};
use crate::check;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::Result;
use clap::{Arg, Command};
use std::ffi::OsStr;

/// What the words are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Offered {
    /// Every finding.
    Codes,
    /// Those that can be silenced.
    Silenced,
    Examples,
}

impl TypedValueParser for Offered {
    type Value = String;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<String> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let silenced_alone = match self {
            Offered::Codes => false,
            Offered::Silenced => true,
            Offered::Examples => {
                return Some(Box::new(
                    init::EXAMPLES.iter().map(|example| offered(example.name, &init::summary(example))),
                ));
            }
        };
        let codes = codes::all().filter(move |code| !silenced_alone || check::can_be_silenced(code));
        Some(Box::new(codes.map(|code| offered(code.name, code.summary()))))
    }
}

/// A word with what it means. In fish's script the generator leaves a `$` where the shell would put in what follows.
fn offered(name: &'static str, about: &str) -> PossibleValue {
    PossibleValue::new(name).help(about.replace('$', ""))
}
