//! Every profile that the project shows is one that the real parser takes.

use crate::support::parser::Parser;
use crate::support::policies::policies_below;
use crate::support::trial::Trial;

/// The case that is there to be refused.
const REFUSED: &str = "parser-refused";

#[test]
fn takes_the_profile_of_every_example_and_golden_policy() {
    let Some(parser) = Parser::find() else { return };
    let mut wrong = Vec::new();
    for path in policies_below("examples").into_iter().chain(policies_below("golden")) {
        let trial = Trial::on_disk(&path);
        let Some(files) = &trial.rendered else { continue };
        if trial.is_abstract() || !parser.knows(trial.abi()) {
            continue;
        }
        let refusal = parser.compile(&files.profile, trial.abi()).err();
        let is_meant = path.components().any(|part| part.as_os_str() == REFUSED);
        if refusal.is_some() != is_meant {
            wrong.push(format!("{}: {}", path.display(), refusal.as_deref().unwrap_or("was taken")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A proof that compares with a parser that takes everything proves nothing.
#[test]
fn refuses_nonsense_and_what_it_would_warn_of() {
    let Some(parser) = Parser::find() else { return };
    let profile = |rule: &str| format!("abi <abi/3.0>,\nprofile web {{\n  {rule}\n}}\n");
    assert!(parser.compile(&profile("/etc/hosts r,"), "3.0").is_ok());
    for rule in ["no such rule,", "/etc/hosts r", "/etc/{hosts} r,", "capability fly,"] {
        assert!(parser.compile(&profile(rule), "3.0").is_err(), "{rule}");
    }
    // This feature set has no network rules: the parser drops them, and says so only when asked.
    let old = "kernel-5.4-vanilla";
    if parser.knows(old) {
        assert!(parser.compile(&profile("network inet,"), old).is_err(), "a dropped rule is warned of");
    }
}
