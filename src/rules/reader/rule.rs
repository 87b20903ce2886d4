//! One rule as what it decides: its qualifiers, and the room of its kind.
//!
//! What the parser would refuse, and what is not certain, comes back as the reason why it is not read.

use super::scan::Token::{self, Word};
use super::variables::Variables;
use super::{file, network, operation, process};
use crate::kernel::{Capability, Limit};
use crate::rules::operation::allows_every_mount;
use crate::rules::{Ground, What};

/// What stands before a rule, or before a block of rules.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Prefix {
    /// `allow` or `deny`.
    grants: Option<bool>,
    audit: bool,
    owner: bool,
    in_block: bool,
}

/// Takes the qualifiers, which have one order (parser_yacc.y, opt_prefix).
pub(super) fn prefix<'a, 'b>(tokens: &'b [Token<'a>]) -> Result<(Prefix, &'b [Token<'a>]), String> {
    let mut prefix = Prefix::default();
    let mut tokens = tokens;
    if let [Word("audit"), rest @ ..] = tokens {
        prefix.audit = true;
        tokens = rest;
    }
    if let [Word(word @ ("allow" | "deny")), rest @ ..] = tokens {
        prefix.grants = Some(*word == "allow");
        tokens = rest;
    }
    if let [Word("owner"), rest @ ..] = tokens {
        prefix.owner = true;
        tokens = rest;
    }
    match tokens {
        [Word(word @ ("priority" | "prompt" | "other")), ..] => {
            Err(format!("has the qualifier `{word}`, which is not read here"))
        }
        [Word(word @ ("audit" | "allow" | "deny" | "owner")), ..] => {
            Err(format!("has the qualifier `{word}` in a place where the parser refuses it"))
        }
        _ => Ok((prefix, tokens)),
    }
}

impl Prefix {
    /// As it is for a rule with a prefix of its own within a block with this one.
    pub(super) fn around(self, inner: Prefix) -> Result<Prefix, String> {
        match (self.grants, inner.grants) {
            (Some(outer), Some(inner)) if outer != inner => {
                Err("says another thing than the block around it".to_owned())
            }
            (outer, inner_grants) => Ok(Prefix {
                grants: outer.or(inner_grants),
                audit: self.audit || inner.audit,
                owner: self.owner || inner.owner,
                in_block: self.in_block || inner.in_block,
            }),
        }
    }

    pub(super) fn of_block(self) -> Prefix {
        Prefix { in_block: true, ..self }
    }
}

/// The text is the rule's own, tidied.
pub(super) fn grounds(
    tokens: &[Token<'_>],
    text: &str,
    outer: Prefix,
    variables: &Variables,
) -> Result<Vec<Ground>, String> {
    let is_set = matches!(tokens, [Word("set"), ..]);
    let words = tokens.iter().filter_map(|token| if let Word(word) = token { Some(*word) } else { None });
    if allows_every_mount(words) {
        return Err("allows every mount where parser 3.0 compiles it".to_owned());
    }
    let (own, tokens) = prefix(tokens)?;
    let whole = outer.around(own)?;
    let grants = whole.grants.unwrap_or(true);
    let is_about_files = match tokens {
        [Word("link" | "file" | "safe" | "unsafe"), ..] => true,
        // These letters are permissions too.
        [Word("all")] => false,
        [Word(word), ..] => file::is_path(word) || file::is_permissions(word),
        _ => false,
    };
    if whole.in_block && !is_about_files && !matches!(tokens, [Word("change_profile"), ..]) {
        return Err("stands in a block, of which the parser keeps only rules about files".to_owned());
    }
    if (whole.owner && !is_about_files) || (!is_set && matches!(tokens, [Word("set"), ..])) {
        return Err("has a qualifier that the parser refuses here".to_owned());
    }
    let all = if is_about_files {
        file::read(tokens, grants, whole.owner, variables)?
    } else {
        others(tokens, text, variables)?
    };
    let quiet = !grants && !whole.audit;
    Ok(all.into_iter().map(|what| Ground { grants, quiet, what }).collect())
}

/// Rules about other things than files.
fn others(tokens: &[Token<'_>], text: &str, variables: &Variables) -> Result<Vec<What>, String> {
    match tokens {
        [Word("capability"), names @ ..] => capabilities(names),
        [Word("network"), rest @ ..] => network::read(rest, text),
        [Word("unix"), rest @ ..] => network::unix(rest).map(|what| vec![what]),
        [Word("signal"), rest @ ..] => process::signal(rest, variables).map(|what| vec![what]),
        [Word("ptrace"), rest @ ..] => process::ptrace(rest, variables).map(|what| vec![what]),
        [Word("set"), Word("rlimit"), Word(name), Token::AtMost, value @ ..] => {
            limit(name, value).map(|what| vec![what])
        }
        [Word("all")] => Ok(vec![What::Everything]),
        [Word("change_profile"), ..] => Ok(vec![What::Other(text.to_owned())]),
        [Word(word), rest @ ..] => operation::read(word, rest),
        _ => Err("is no rule that is known here".to_owned()),
    }
}

fn capabilities(names: &[Token<'_>]) -> Result<Vec<What>, String> {
    if names.is_empty() {
        return Ok(vec![What::Capability(None)]);
    }
    let one = |token: &Token<'_>| match token {
        Word(name) => match Capability::from_name(name) {
            Some(capability) => Ok(What::Capability(Some(capability))),
            None => Err(format!("has `{name}`, which is no capability that is known here")),
        },
        Token::Equals | Token::Open | Token::Close | Token::Arrow | Token::AtMost => {
            Err("has more than names of capabilities".to_owned())
        }
    };
    names.iter().map(one).collect()
}

fn limit(name: &str, value: &[Token<'_>]) -> Result<What, String> {
    let Some(limit) = Limit::ALL.into_iter().find(|limit| limit.name() == name) else {
        return Err(format!("has `{name}`, which is no limit that is known here"));
    };
    let words = value.iter().map(|token| match token {
        Word(word) if !word.starts_with('"') => Ok(*word),
        Word(_) | Token::Equals | Token::Open | Token::Close | Token::Arrow | Token::AtMost => {
            Err("has a value that is not read here")
        }
    });
    let value: String = words.collect::<Result<_, _>>()?;
    limit.judge(&value).map_err(|refused| format!("has a value of which {}", refused.wrong))?;
    Ok(What::Limit { limit: name.to_owned(), value })
}
