//! A text and what it includes, from the first line to the last: profiles, blocks and variables.

use crate::rules::head::Head;
use crate::rules::profile::{Abstraction, Files, Include, ReadProfile};
use crate::rules::rule::{self, Child, Kind, Line, Prefix, Rule};
use crate::rules::text::pattern;
use crate::rules::text::scan::Token::{self, Word};
use crate::rules::text::scan::{Scanner, Shape, Statement, tidy};
use crate::rules::text::syntax_error::SyntaxError;
use crate::rules::text::variables::Variables;
use std::collections::BTreeSet;

/// Includes within includes, and blocks within blocks, go no deeper.
const DEEPEST: usize = 16;
/// All that is read, in bytes: many times what the largest sets of profiles have.
const MOST: usize = 4 << 20;
const MOST_LINES: usize = 200_000;

pub(super) struct Walk<'a> {
    files: &'a Files<'a>,
    variables: Variables,
    /// What could not be read ahead of the profiles.
    preamble: Vec<Line>,
    missing: Vec<String>,
    included: BTreeSet<String>,
    abi: Option<String>,
    profiles: Vec<ReadProfile>,
    read: usize,
    lines: usize,
}

/// What is gathered of one profile.
#[derive(Default)]
struct Body {
    lines: Vec<Line>,
    missing: Vec<String>,
    /// A file is included into a profile once, as the parser does.
    included: BTreeSet<String>,
    /// Those of the text itself.
    includes: Vec<Include>,
}

/// Where a statement is.
#[derive(Clone, Copy)]
struct Spot<'a> {
    file: Option<&'a str>,
    depth: usize,
    /// Of the blocks around it.
    prefix: Prefix,
}

impl<'a> Walk<'a> {
    pub(super) fn new(files: &'a Files<'a>) -> Walk<'a> {
        Walk {
            files,
            variables: Variables::default(),
            preamble: Vec::new(),
            missing: Vec::new(),
            included: BTreeSet::new(),
            abi: None,
            profiles: Vec::new(),
            read: 0,
            lines: 0,
        }
    }

    pub(super) fn profiles(mut self, text: &str) -> Result<Vec<ReadProfile>, SyntaxError> {
        self.count_text(text, 1)?;
        self.ahead(text, Spot { file: None, depth: 0, prefix: Prefix::default() })?;
        if self.profiles.is_empty() {
            return Err(SyntaxError::new(1, "there is no profile in it"));
        }
        Ok(self.profiles)
    }

    pub(super) fn variables(mut self, profile: &str) -> Result<Variables, SyntaxError> {
        self.tunables(profile)?;
        Ok(self.variables)
    }

    pub(super) fn abstraction(mut self, name: &str, profile: &str) -> Result<Abstraction, SyntaxError> {
        self.tunables(profile)?;
        let spot = Spot { file: None, depth: 0, prefix: Prefix::default() };
        let mut body = Body { lines: std::mem::take(&mut self.preamble), ..Body::default() };
        self.include(name, false, "", 1, spot, &mut body)?;
        Ok(Abstraction { lines: body.lines, missing: body.missing })
    }

    fn tunables(&mut self, profile: &str) -> Result<(), SyntaxError> {
        const GLOBAL: &str = "tunables/global";
        if let Some(text) = (self.files)(GLOBAL) {
            self.count_text(&text, 1)?;
            self.ahead(&text, Spot { file: Some(GLOBAL), depth: 0, prefix: Prefix::default() })?;
        }
        self.variables.name_profile(profile, None);
        Ok(())
    }

    fn count_text(&mut self, text: &str, number: usize) -> Result<(), SyntaxError> {
        self.read = self.read.saturating_add(text.len());
        if self.read > MOST {
            return Err(SyntaxError::new(number, "more text than is read at once, includes counted"));
        }
        Ok(())
    }

    fn count_lines(&mut self, more: usize, number: usize) -> Result<(), SyntaxError> {
        self.lines = self.lines.saturating_add(more);
        if self.lines > MOST_LINES {
            return Err(SyntaxError::new(number, "more rules than are read at once, includes counted"));
        }
        Ok(())
    }

    /// What stands outside of profiles, and the profiles.
    fn ahead(&mut self, text: &str, spot: Spot<'_>) -> Result<(), SyntaxError> {
        let mut scanner = Scanner::new(text);
        let placed =
            |fault: SyntaxError| SyntaxError { file: fault.file.or(spot.file.map(str::to_owned)), ..fault };
        while let Some(statement) = scanner.next().map_err(placed)? {
            let Statement { text, number, shape } = statement;
            // So it is for the parser too; and what is set here would change the profiles before it.
            if !self.profiles.is_empty()
                && matches!(shape, Shape::Variable { .. } | Shape::Rule(_) | Shape::Odd(_))
            {
                return Err(placed(SyntaxError::new(number, "behind a profile there may only be others")));
            }
            let why = match shape {
                Shape::Include { name, optional } => self.include_ahead(name, optional, number, spot)?,
                Shape::Variable { name, more, values } => {
                    let values: Result<Vec<String>, String> =
                        values.into_iter().map(pattern::decode).collect();
                    values.and_then(|values| self.variables.set(name, more, values)).err()
                }
                Shape::Rule(tokens) => match tokens.as_slice() {
                    [Word("abi"), Word(name)] => {
                        self.abi = Some(name.trim_matches(['<', '>', '"']).trim().to_owned());
                        None
                    }
                    _ => Some("stands outside of a profile and is not read here".to_owned()),
                },
                Shape::Head(tokens) => match Head::read(&tokens) {
                    Some(head) => {
                        self.profile(head, &mut scanner, spot).map_err(placed)?;
                        None
                    }
                    None => {
                        skip(&mut scanner, number).map_err(placed)?;
                        Some("opens a block that is not read here".to_owned())
                    }
                },
                Shape::Close => return Err(placed(SyntaxError::new(number, "a `}` that closes nothing"))),
                Shape::Odd(why) => Some(why.to_owned()),
            };
            if let Some(why) = why {
                self.count_lines(1, number).map_err(placed)?;
                self.preamble.push(Line::new(text, spot.file, number, Err(why), &self.variables));
            }
        }
        Ok(())
    }

    fn include_ahead(
        &mut self,
        name: &str,
        optional: bool,
        number: usize,
        spot: Spot<'_>,
    ) -> Result<Option<String>, SyntaxError> {
        if spot.depth >= DEEPEST {
            return Ok(Some("includes files too deeply within others".to_owned()));
        }
        if !self.included.insert(name.to_owned()) {
            return Ok(None);
        }
        match (self.files)(name) {
            Some(text) => {
                self.count_text(&text, number)?;
                self.ahead(&text, Spot { file: Some(name), depth: spot.depth + 1, ..spot })?;
            }
            None if !optional => self.missing.push(name.to_owned()),
            None => {}
        }
        Ok(None)
    }

    fn profile(&mut self, head: Head, scanner: &mut Scanner<'_>, spot: Spot<'_>) -> Result<(), SyntaxError> {
        self.count_lines(self.preamble.len() + self.missing.len(), scanner.line())?;
        self.variables.name_profile(&head.name, head.attachment());
        let mut body =
            Body { lines: self.preamble.clone(), missing: self.missing.clone(), ..Body::default() };
        let opened = scanner.line();
        self.rules(scanner, Some(opened), spot, &mut body)?;
        let Body { lines, missing, includes, .. } = body;
        self.profiles.push(ReadProfile { head, abi: self.abi.clone(), lines, missing, includes });
        Ok(())
    }

    /// Rules up to the brace that closes what was opened in a line, or to the end of an included file.
    fn rules(
        &mut self,
        scanner: &mut Scanner<'_>,
        opened: Option<usize>,
        spot: Spot<'_>,
        body: &mut Body,
    ) -> Result<(), SyntaxError> {
        let mut after_condition = false;
        while let Some(Statement { text, number, shape }) = scanner.next()? {
            self.count_lines(1, number)?;
            let is_condition = matches!(&shape, Shape::Head(tokens) if is_condition(tokens, after_condition));
            // What opens a block that is kept together stands for all of it.
            let mut whole = text.to_owned();
            let read = match shape {
                Shape::Close if opened.is_some() => return Ok(()),
                Shape::Close => return Err(SyntaxError::new(number, "a `}` that closes nothing")),
                Shape::Include { name, optional } => {
                    let before = body.lines.len();
                    let is_found = self.include(name, optional, text, number, spot, body)?;
                    if spot.file.is_none() {
                        let lines = before..body.lines.len();
                        body.includes.push(Include { name: name.to_owned(), number, lines, is_found });
                    }
                    continue;
                }
                Shape::Variable { .. } => Err("sets a variable within a profile".to_owned()),
                Shape::Odd(why) => Err(why.to_owned()),
                Shape::Rule(tokens) if matches!(tokens.as_slice(), [Word("abi"), Word(_)]) => continue,
                Shape::Rule(tokens) => rule::rules(&tokens, spot.prefix, &self.variables),
                Shape::Head(_) if is_condition => {
                    whole = format!("{text} {}", skip(scanner, number)?);
                    Err("holds only on a condition".to_owned())
                }
                Shape::Head(tokens) if is_child(&tokens) => {
                    if spot.depth >= DEEPEST {
                        skip(scanner, number)?;
                        Err("is a profile too deeply within others".to_owned())
                    } else if let Some(head) = Head::read(&tokens) {
                        let child = self.child(head, scanner, number, spot, body)?;
                        whole = child.to_string();
                        Ok(vec![Rule::allow(Kind::Child(child), Vec::new())])
                    } else {
                        skip(scanner, number)?;
                        Err("opens a profile that is not read here".to_owned())
                    }
                }
                Shape::Head(tokens) => match self.block(&tokens, spot) {
                    Ok(prefix) => {
                        let inside = Spot { prefix, depth: spot.depth + 1, ..spot };
                        self.rules(scanner, Some(number), inside, body)?;
                        continue;
                    }
                    Err(why) => {
                        skip(scanner, number)?;
                        Err(why)
                    }
                },
            };
            after_condition = is_condition;
            body.lines.push(Line::new(&whole, spot.file, number, read, &self.variables));
        }
        match opened {
            Some(number) => Err(SyntaxError::new(number, "a `{` that nothing closes")),
            None => Ok(()),
        }
    }

    fn child(
        &mut self,
        head: Head,
        scanner: &mut Scanner<'_>,
        number: usize,
        spot: Spot<'_>,
        around: &mut Body,
    ) -> Result<Child, SyntaxError> {
        let mut body = Body::default();
        let inside = Spot { depth: spot.depth + 1, prefix: Prefix::default(), ..spot };
        self.rules(scanner, Some(number), inside, &mut body)?;
        around.missing.extend(body.missing);
        Ok(Child { head, lines: body.lines })
    }

    fn block(&self, tokens: &[Token<'_>], spot: Spot<'_>) -> Result<Prefix, String> {
        if spot.depth >= DEEPEST {
            return Err("is a block too deeply within others".to_owned());
        }
        match rule::prefix(tokens)? {
            (own, []) => spot.prefix.around(own).map(Prefix::of_block),
            _ => Err("opens a block that is not read here".to_owned()),
        }
    }

    /// The rules of an included file, and whether there is one. An include that lies too deep is a line that is not read.
    fn include(
        &mut self,
        name: &str,
        optional: bool,
        text: &str,
        number: usize,
        spot: Spot<'_>,
        body: &mut Body,
    ) -> Result<bool, SyntaxError> {
        if spot.depth >= DEEPEST {
            let why = Err("includes files too deeply within others".to_owned());
            body.lines.push(Line::new(text, spot.file, number, why, &self.variables));
            return Ok(true);
        }
        if !body.included.insert(name.to_owned()) {
            return Ok(true);
        }
        let Some(included) = (self.files)(name) else {
            if !optional {
                body.missing.push(name.to_owned());
            }
            return Ok(false);
        };
        self.count_text(&included, number)?;
        let inside = Spot { file: Some(name), depth: spot.depth + 1, ..spot };
        let placed = |fault: SyntaxError| SyntaxError { file: fault.file.or(Some(name.to_owned())), ..fault };
        self.rules(&mut Scanner::new(&included), None, inside, body).map_err(placed)?;
        Ok(true)
    }
}

/// Steps over a body, whatever is in it, and hands it back as text. It was opened in the line of the number.
fn skip(scanner: &mut Scanner<'_>, opened: usize) -> Result<String, SyntaxError> {
    let mut depth = 1usize;
    let mut body = String::new();
    while let Some(statement) = scanner.next()? {
        body.push_str(&tidy(statement.text));
        body.push(' ');
        match statement.shape {
            Shape::Head(_) => depth += 1,
            Shape::Close => depth -= 1,
            Shape::Rule(_) | Shape::Include { .. } | Shape::Variable { .. } | Shape::Odd(_) => {}
        }
        if depth == 0 {
            return Ok(body.trim_end().to_owned());
        }
    }
    Err(SyntaxError::new(opened, "a `{` that nothing closes"))
}

fn is_child(tokens: &[Token<'_>]) -> bool {
    matches!(tokens, [Word("profile" | "hat" | "^"), Word(_), ..])
}

fn is_condition(tokens: &[Token<'_>], after_condition: bool) -> bool {
    matches!(tokens, [Word("if"), ..]) || (after_condition && matches!(tokens, [Word("else"), ..]))
}
