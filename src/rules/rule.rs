//! A rule, whoever wrote it: aapol, a person, or a distribution. It is one type when it is made of a policy's words,
//! when it is written, when it is read, and when it decides.
//!
//! What the parser would refuse, and what is not certain, comes back as the reason why it is not read.

use super::capability::CapabilityRule;
use super::change_profile::ChangeProfileRule;
use super::file::{self, FileRule, LinkRule};
use super::head::Head;
use super::limit::LimitRule;
use super::network::NetworkRule;
use super::operation::{OperationRule, allows_every_mount};
use super::process::ProcessRule;
use super::text::scan::Token::{self, Word};
use super::text::scan::{Scanner, Shape, tidy};
use super::text::variables::Variables;
use super::unix::UnixRule;
use crate::diag::Place;
use crate::kernel::{Access, Glob};
use std::fmt;

/// Whether a rule allows or denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    Allow,
    Deny,
}

/// What stands before a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Qualifiers {
    pub effect: Effect,
    /// Whether what it allows or denies is logged. The kernel enforces a denial that is not, even in complain mode.
    pub audit: bool,
    /// Only where the file belongs to the process's user.
    pub owner: bool,
}

impl Qualifiers {
    pub const ALLOW: Qualifiers = Qualifiers { effect: Effect::Allow, audit: false, owner: false };
    pub const DENY: Qualifiers = Qualifiers { effect: Effect::Deny, audit: false, owner: false };
    pub const AUDIT_DENY: Qualifiers = Qualifiers { audit: true, ..Qualifiers::DENY };

    pub fn allows(self) -> bool {
        self.effect == Effect::Allow
    }

    /// Whether it denies without a word in the log.
    pub fn is_quiet_denial(self) -> bool {
        !self.allows() && !self.audit
    }
}

impl fmt::Display for Qualifiers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (word, is_set) in
            [("audit ", self.audit), ("deny ", self.effect == Effect::Deny), ("owner ", self.owner)]
        {
            if is_set {
                f.write_str(word)?;
            }
        }
        Ok(())
    }
}

/// What a rule is about. Ordered as profiles are read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Limit(LimitRule),
    Capability(CapabilityRule),
    Network(NetworkRule),
    Unix(UnixRule),
    Operation(OperationRule),
    Process(ProcessRule),
    ChangeProfile(ChangeProfileRule),
    File(FileRule),
    Link(LinkRule),
    /// `all,`
    Everything,
    /// A profile or a hat within this one.
    Child(Child),
    /// A rule of the policy's `raw-rules`, verbatim: what it decides depends on variables that the node has.
    Raw(String),
}

/// A rule, and the entries of the policy that it stands for; none where it is the baseline's, or was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    pub qualifiers: Qualifiers,
    pub kind: Kind,
    pub from: Vec<Place>,
}

/// A profile within a profile. What it decides holds for other processes: it is compared, and never asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Child {
    pub head: Head,
    pub lines: Vec<Line>,
}

/// A line as it stands in a text, and what of it could be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// On one line, with single spaces.
    pub text: String,
    /// The included file that it is in; none for the text itself.
    pub file: Option<String>,
    pub number: usize,
    /// What it decides: several words of a line are several rules.
    pub rules: Vec<Rule>,
    /// Why it could not be read. It has no rules then, and whatever it decides is not known.
    pub unread: Option<Unread>,
}

/// Why a line could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    pub why: String,
    /// The text with the values of its variables: where two lines have the same, they mean the same. None where nothing
    /// means the same.
    pub meaning: Option<String>,
}

impl Line {
    pub(super) fn new(
        text: &str,
        file: Option<&str>,
        number: usize,
        read: Result<Vec<Rule>, String>,
        variables: &Variables,
    ) -> Line {
        let text = tidy(text);
        let (rules, unread) = match read {
            Ok(rules) => (rules, None),
            Err(why) => (Vec::new(), Some(Unread { why, meaning: variables.with_values(&text) })),
        };
        Line { text, file: file.map(str::to_owned), number, rules, unread }
    }

    /// One rule that ends in its comma.
    pub fn read(text: &str, variables: &Variables) -> Line {
        let mut scanner = Scanner::new(text);
        let read = match (scanner.next(), scanner.next()) {
            (Ok(Some(statement)), Ok(None)) => match statement.shape {
                Shape::Rule(tokens) => rules(&tokens, Prefix::default(), variables),
                Shape::Odd(why) => Err(why.to_owned()),
                Shape::Head(_) | Shape::Close | Shape::Include { .. } | Shape::Variable { .. } => {
                    Err("is no rule".to_owned())
                }
            },
            (Err(fault), _) | (_, Err(fault)) => Err(format!("has {}", fault.wrong)),
            (Ok(_), Ok(_)) => Err("is not one rule".to_owned()),
        };
        Line::new(text, None, 1, read, variables)
    }
}

/// What it decides, as rules; of what could not be read, the text.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.unread.is_some() {
            return f.write_str(&self.text);
        }
        for (number, rule) in self.rules.iter().enumerate() {
            write!(f, "{}{rule}", if number == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

impl Child {
    /// All that is within it, by which it is compared; none where nothing means the same.
    pub fn meaning(&self) -> Option<String> {
        let of_rule = |rule: &Rule| {
            if let Kind::Child(child) = &rule.kind { child.meaning() } else { Some(rule.to_string()) }
        };
        let of_line = |line: &Line| match &line.unread {
            Some(unread) => unread.meaning.clone(),
            None => {
                line.rules.iter().map(of_rule).collect::<Option<Vec<String>>>().map(|rules| rules.join(" "))
            }
        };
        let lines: Option<Vec<String>> = self.lines.iter().map(of_line).collect();
        Some(format!("{} {{ {} }}", self.head, lines?.join(" ")))
    }
}

impl Rule {
    pub fn allow(kind: Kind, from: Vec<Place>) -> Rule {
        Rule { qualifiers: Qualifiers::ALLOW, kind, from }
    }

    pub fn allows(&self) -> bool {
        self.qualifiers.allows()
    }

    /// The paths that it is about, where it names some.
    pub fn paths(&self) -> Option<&Glob> {
        match &self.kind {
            Kind::File(rule) => rule.paths(),
            Kind::Link(rule) => Some(&rule.new),
            Kind::Limit(_)
            | Kind::Capability(_)
            | Kind::Network(_)
            | Kind::Unix(_)
            | Kind::Operation(_)
            | Kind::Process(_)
            | Kind::ChangeProfile(_)
            | Kind::Everything
            | Kind::Child(_)
            | Kind::Raw(_) => None,
        }
    }

    /// Whether it is about every path.
    pub fn is_about_every_path(&self) -> bool {
        matches!(self.kind, Kind::File(FileRule::All) | Kind::Everything)
    }

    /// What it says about files; nothing where it is about something else.
    pub fn access(&self) -> Access {
        if let Kind::File(rule) = &self.kind {
            return rule.access();
        }
        if self.is_about_every_path() { Access::ALL } else { Access::NONE }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.qualifiers.fmt(f)?;
        match &self.kind {
            Kind::Limit(rule) => rule.fmt(f),
            Kind::Capability(rule) => rule.fmt(f),
            Kind::Network(rule) => rule.fmt(f),
            Kind::Unix(rule) => rule.fmt(f),
            Kind::Operation(rule) => rule.fmt(f),
            Kind::Process(rule) => rule.fmt(f),
            Kind::ChangeProfile(rule) => rule.fmt(f),
            Kind::File(rule) => rule.write(f, self.allows()),
            Kind::Link(rule) => rule.fmt(f),
            Kind::Everything => f.write_str("all,"),
            Kind::Child(child) => child.fmt(f),
            Kind::Raw(rule) => f.write_str(rule),
        }
    }
}

impl fmt::Display for Child {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {{ ", self.head)?;
        for line in &self.lines {
            write!(f, "{line} ")?;
        }
        f.write_str("}")
    }
}

/// What stands before a rule, or before a block of rules.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Prefix {
    effect: Option<Effect>,
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
        prefix.effect = Some(if *word == "allow" { Effect::Allow } else { Effect::Deny });
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
        match (self.effect, inner.effect) {
            (Some(outer), Some(inner)) if outer != inner => {
                Err("says another thing than the block around it".to_owned())
            }
            (outer, inner_effect) => Ok(Prefix {
                effect: outer.or(inner_effect),
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

/// The rules of a statement within blocks.
pub(super) fn rules(tokens: &[Token<'_>], outer: Prefix, variables: &Variables) -> Result<Vec<Rule>, String> {
    let is_set = matches!(tokens, [Word("set"), ..]);
    let words = tokens.iter().filter_map(|token| if let Word(word) = token { Some(*word) } else { None });
    if allows_every_mount(words) {
        return Err("allows every mount where parser 3.0 compiles it".to_owned());
    }
    let (own, tokens) = prefix(tokens)?;
    let whole = outer.around(own)?;
    let effect = whole.effect.unwrap_or(Effect::Allow);
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
    let kinds = if is_about_files {
        let (file, link) = file::read(tokens, effect == Effect::Allow, variables)?;
        file.map(Kind::File).into_iter().chain(link.map(Kind::Link)).collect()
    } else {
        others(tokens, variables)?
    };
    let qualifiers = Qualifiers { effect, audit: whole.audit, owner: whole.owner };
    Ok(kinds.into_iter().map(|kind| Rule { qualifiers, kind, from: Vec::new() }).collect())
}

/// Rules about other things than files.
fn others(tokens: &[Token<'_>], variables: &Variables) -> Result<Vec<Kind>, String> {
    let one = match tokens {
        [Word("capability"), names @ ..] => {
            return Ok(CapabilityRule::read(names)?.into_iter().map(Kind::Capability).collect());
        }
        [Word("network"), rest @ ..] => {
            return Ok(NetworkRule::read(rest, variables)?.into_iter().map(Kind::Network).collect());
        }
        [Word("unix"), rest @ ..] => Kind::Unix(UnixRule::read(rest, variables)?),
        [Word("signal"), rest @ ..] => Kind::Process(ProcessRule::read_signal(rest, variables)?),
        [Word("ptrace"), rest @ ..] => Kind::Process(ProcessRule::read_ptrace(rest, variables)?),
        [Word("set"), Word("rlimit"), Word(name), Token::AtMost, value @ ..] => {
            Kind::Limit(LimitRule::read(name, value)?)
        }
        [Word("all")] => Kind::Everything,
        [Word("change_profile"), rest @ ..] => Kind::ChangeProfile(ChangeProfileRule::read(rest, variables)?),
        [Word(word), rest @ ..] => Kind::Operation(OperationRule::read(word, rest, variables)?),
        _ => return Err("is no rule that is known here".to_owned()),
    };
    Ok(vec![one])
}
