//! Policies whose patterns can be empty in many ways, by themselves and beside each other: what is rendered is
//! compiled in a moment. `AAPOL_POLICIES=10000` tries more of them.

use crate::support::hard_globs::{Dice, nested_policy};
use crate::support::parser::Parser;
use crate::support::say::say;
use crate::support::trial::Trial;
use std::time::{Duration, Instant};

/// Profiles in one run of the parser.
const BATCH: usize = 50;
/// What one profile may take: on a machine with other work, a hundred times of what it takes.
const SLOW: Duration = Duration::from_secs(5);

#[test]
fn what_can_be_empty_in_many_ways_is_compiled_in_a_moment() {
    let Some(parser) = Parser::find() else { return };
    let wanted = std::env::var("AAPOL_POLICIES").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    let dice = &mut Dice::new(10);
    let (mut taken, mut refused, mut slowest, mut batch) = (0, 0, Duration::ZERO, Vec::new());
    while taken < wanted {
        let text = nested_policy(dice, &format!("p{:05}", taken + batch.len()));
        let trial = Trial::of(&text);
        match &trial.rendered {
            Some(files) => batch.push((text, files.profile.clone())),
            None => refused += 1,
        }
        if batch.len() < BATCH && taken + batch.len() < wanted {
            assert!(refused < 500 + taken, "{refused} policies have errors, such as {:#?}", trial.errors());
            continue;
        }
        // One file has one ABI.
        let bodies = batch.iter().map(|(_, profile)| profile.replace("abi <abi/3.0>,\n", ""));
        let profiles: String = std::iter::once("abi <abi/3.0>,\n".to_owned()).chain(bodies).collect();
        let start = Instant::now();
        if let Err(said) = parser.compile(&profiles, "3.0") {
            let one = batch
                .iter()
                .find_map(|(text, profile)| Some((text, profile, parser.compile(profile, "3.0").err()?)));
            panic!("{said}: {one:#?}");
        }
        slowest = slowest.max(start.elapsed() / u32::try_from(batch.len()).expect("it is small"));
        taken += batch.len();
        batch.clear();
    }
    say(&format!("{taken} policies, {refused} more with errors; the slowest {BATCH}: {slowest:?} each"));
    assert!(slowest < SLOW, "{slowest:?}");
}

/// Otherwise the test above would prove nothing.
#[test]
fn the_parser_is_ended_where_it_does_not_end() {
    let Some(parser) = Parser::find() else { return };
    for rule in [r#""/a/{,,,}" r,"#, "/a/{,a} r,\n/a/{,b} r,\n/a/{,c} r,\n/a/{,d} r,"] {
        let profile = format!("abi <abi/3.0>,\nprofile web {{\n{rule}\n}}\n");
        let compiled = parser.compile_within(Duration::from_secs(2), &profile, "3.0");
        let is_ended = compiled.is_err_and(|said| said.contains("does not end"));
        assert_eq!(is_ended, parser.is_canonical(), "{rule}");
    }
}
