//! Rules gathered under a comment.

use super::rule::Rule;
use super::untangled::{Rules, untangled};

/// Rules that belong together, and what is to be said of them.
#[derive(Debug)]
pub struct Block {
    pub comment: String,
    pub rules: Vec<Rule>,
    /// Whether it is there to say that nothing is granted.
    pub says_nothing: bool,
}

/// A block in its order, each rule once; nothing where there are none.
pub fn block(comment: &str, rules: Vec<Rule>) -> Vec<Block> {
    let mut sorted = Rules::new();
    for rule in rules {
        sorted.entry((rule.kind, rule.qualifiers)).or_default().extend(rule.from);
    }
    let rules: Vec<Rule> = untangled(sorted)
        .into_iter()
        .map(|((kind, qualifiers), from)| Rule { qualifiers, kind, from })
        .collect();
    if rules.is_empty() {
        return Vec::new();
    }
    vec![Block { comment: comment.to_owned(), rules, says_nothing: false }]
}

/// A section that is worth a word even when it grants nothing.
pub fn said(title: &str, nothing: &str, rules: Vec<Rule>) -> Vec<Block> {
    if rules.is_empty() && !nothing.is_empty() {
        return vec![Block { comment: format!("{title}: {nothing}"), rules, says_nothing: true }];
    }
    block(title, rules)
}
