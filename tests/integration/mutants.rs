//! Profiles changed in one rule, flag or option each: where the real parser compiles something else, `diff` must not say
//! "the same". What is only logged otherwise is the one exception.

use crate::support::distribution;
use crate::support::hard_globs::Dice;
use crate::support::parser::Parser;
use crate::support::policies::policies_below;
use crate::support::say::say;
use crate::support::trial::Trial;
use aapol::ask::Matter;
use aapol::ask::compare::compare;
use aapol::ask::ruleset;
use aapol::rules::reader;
use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

/// Rules that no rendered profile holds.
const FOREIGN: &str = "abi <abi/3.0>,
profile web flags=(attach_disconnected,mediate_deleted) {
  /usr/bin/* px,
  /usr/bin/tool px -> helper,
  /usr/sbin/** Cx -> child,
  /opt/any pux,
  /opt/own ix,
  /opt/free ux,
  owner /home/*/** rwl,
  /var/log/** a,
  link /srv/new -> /srv/old,
  link subset /srv/new2 -> /srv/old2,
  /etc/** rw,
  deny /etc/shadow rw,
  mount options=(ro,bind) /a/ -> /b/,
  mount fstype=tmpfs -> /tmp/x/,
  umount /a/,
  pivot_root oldroot=/old/ /new/,
  unix (send,receive) type=stream peer=(label=helper),
  unix (bind,listen) type=dgram addr=@run,
  dbus send bus=session path=/org interface=org.a member=Get peer=(name=org.b),
  signal (send,receive) set=(term,kill) peer=helper,
  ptrace (read,trace) peer=helper,
  network inet stream,
  network netlink raw,
  capability chown,
  capability setuid,
  change_profile /opt/x -> other,
  set rlimit nofile <= 100,
  ^upload {
    /srv/uploads/** w,
    network inet dgram,
  }
  profile child {
    /srv/child/** rw,
  }
}
";

/// Texts of profiles: the examples' rendered ones, the distribution's, its abstractions' rules, and the one above.
/// Of the distribution's some, since a real profile takes the parser a while.
fn profiles(wanted: usize) -> Vec<String> {
    let mut all = BTreeSet::from([FOREIGN.to_owned()]);
    for file in policies_below("examples") {
        let trial = Trial::on_disk(&file);
        let is_plain = trial.plan().is_some_and(|plan| plan.profile().abstractions.is_empty());
        let is_asked = is_plain && !trial.is_abstract() && trial.abi() == "3.0";
        if let Some(rendered) = trial.rendered.filter(|_| is_asked) {
            all.insert(rendered.profile);
        }
    }
    let is_one =
        |text: &String| reader::profiles(text, &distribution::file).is_ok_and(|read| read.len() == 1);
    let whole: Vec<String> = distribution::profiles()
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok())
        .filter(is_one)
        .collect();
    let step = (whole.len() * 25).div_ceil(wanted).max(1);
    all.extend(whole.into_iter().step_by(step));
    for path in distribution::files_in("abstractions") {
        let Ok(text) = fs::read_to_string(path) else { continue };
        let is_rule = |line: &&str| {
            let line = line.trim();
            line.ends_with(',') && !line.contains(['#', '@', '{']) && !line.starts_with("abi")
        };
        let rules: Vec<&str> = text.lines().filter(is_rule).collect();
        if rules.len() > 2 {
            all.insert(format!("abi <abi/3.0>,\nprofile web {{\n{}\n}}\n", rules.join("\n")));
        }
    }
    all.into_iter().collect()
}

/// What one line can become, each with a word for it.
fn changes(line: &str) -> Vec<(&'static str, String)> {
    let rule = line.trim();
    let mut all = Vec::new();
    if let Some((before, rest)) = line.split_once("flags=(") {
        let (flags, after) = rest.split_once(')').unwrap_or((rest, ""));
        let flags: Vec<&str> = flags.split(',').collect();
        for at in 0..flags.len() {
            let others: Vec<&str> =
                flags.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, flag)| *flag).collect();
            if !others.is_empty() {
                all.push(("flag", format!("{before}flags=({}){after}", others.join(","))));
            }
        }
        all.push(("flag", format!("{before}flags=({},chroot_relative){after}", flags.join(","))));
        return all;
    }
    if !rule.ends_with(',')
        || rule.starts_with(['#', '^'])
        || rule.starts_with("abi")
        || rule.contains('{') && !rule.contains('/')
    {
        return all;
    }
    let body = rule.trim_end_matches(',');
    all.push(("drop", String::new()));
    all.push(match body.strip_prefix("audit ") {
        Some(rest) => ("audit", format!("{rest},")),
        None => ("audit", format!("audit {body},")),
    });
    all.push(match (body.strip_prefix("deny "), body.strip_prefix("audit deny ")) {
        (Some(rest), _) | (_, Some(rest)) => ("deny", format!("{rest},")),
        _ => ("deny", format!("deny {body},")),
    });
    for (word, old, new) in [
        ("transition", " px", " ux"),
        ("transition", " px", " Px"),
        ("transition", " ux", " Ux"),
        ("transition", " pux", " px"),
        ("transition", "ix", "px"),
        ("transition", "Cx", "cx"),
        ("target", "-> helper", "-> other"),
        ("target", "-> child", "-> child2"),
        ("target", " -> helper", ""),
        ("target", "/srv/old", "/srv/others"),
        ("target", "-> other", "-> web"),
        ("permission", " a", " w"),
        ("permission", " r", " rw"),
        ("permission", "rw", "r"),
        ("permission", "w", "a"),
        ("permission", "rk", "r"),
        ("permission", "mr", "r"),
        ("path", "/**", "/*"),
        ("path", "/etc/", "/etc/x"),
        ("option", "(ro,bind)", "(bind,ro)"),
        ("option", "(ro,bind)", "(ro)"),
        ("option", "fstype=tmpfs", "fstype=proc"),
        ("option", "(send,receive)", "(receive,send)"),
        ("option", "(send,receive)", "(send)"),
        ("option", "(term,kill)", "(kill)"),
        ("option", "(read,trace)", "(read)"),
        ("option", "peer=helper", "peer=web"),
        ("option", "label=helper", "label=other"),
        ("option", "addr=@run", "addr=@other"),
        ("option", "type=stream", "type=dgram"),
        ("option", "member=Get", "member=Set"),
        ("option", "inet stream", "inet dgram"),
        ("option", "inet stream", "inet"),
        ("option", "chown", "sys_admin"),
        ("option", "<= 100", "<= 200"),
        ("option", "oldroot=/old/", "oldroot=/other/"),
        ("owner", "owner ", ""),
        ("subset", "link subset", "link"),
    ] {
        if body.contains(old) {
            all.push((word, format!("{},", body.replacen(old, new, 1))));
        }
    }
    if body.starts_with('/') {
        all.push(("owner", format!("owner {body},")));
    }
    all
}

#[test]
fn nothing_is_the_same_that_compiles_to_something_else() {
    let Some(parser) = Parser::find() else { return };
    let wanted: usize =
        std::env::var("AAPOL_MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    let dice = &mut Dice::new(20);
    let mut mutants = Vec::new();
    let texts = profiles(wanted);
    for (number, text) in texts.iter().enumerate() {
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            for (word, new) in changes(line) {
                let mut changed = lines.clone();
                changed[at] = &new;
                mutants.push((number, word, (*line).to_owned(), new.clone(), changed.join("\n") + "\n"));
            }
        }
    }
    // Where nothing is granted that it denies, a quiet denial is there to keep the log short: it makes no difference when
    // it is logged.
    let is_for_the_log = |old: &str, line: &str, text: &str, new: &str| {
        let is_quiet = |line: &str| line.trim().starts_with("deny ");
        let logged = |text: &str, line: &str| match is_quiet(line) {
            true => parser.compile(&text.replacen(line, &format!("  audit {}", line.trim()), 1), "3.0"),
            false => parser.compile(text, "3.0"),
        };
        (is_quiet(line) || is_quiet(new)) && logged(old, line) == logged(text, new)
    };
    let is_foreign = |number: usize| texts[number] == FOREIGN;
    let ruleset = |text: &str| {
        let read =
            reader::profiles(text, &distribution::file).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
        let Some(profile) = read.into_iter().next() else { panic!("{text}") };
        ruleset::written(profile)
    };
    let of_texts: Vec<_> = texts.iter().map(|text| (parser.compile(text, "3.0"), ruleset(text))).collect();
    let (mut tried, mut refused, mut equal, mut differ, mut open, mut noise) = (0, 0, 0, 0, 0, 0);
    let mut wrong = Vec::new();
    // All of the foreign one, and of the others as many as are wanted.
    let share = mutants.len().div_ceil(wanted).max(1);
    for (number, word, line, new, text) in &mutants {
        if !is_foreign(*number) && dice.below(share) != 0 {
            continue;
        }
        let (Ok(bytes), old) = (&of_texts[*number].0, &of_texts[*number].1) else { continue };
        // A change can be one on which the parser never ends.
        let Ok(changed) = parser.compile_within(Duration::from_secs(2), text, "3.0") else {
            refused += 1;
            continue;
        };
        tried += 1;
        let found = compare(old, &ruleset(text));
        let is_open = |matter: &Matter| {
            matches!(matter, Matter::Unread(_) | Matter::Exhausted | Matter::Flag(_) | Matter::WithoutAbi)
        };
        match (*bytes == changed, found.is_empty()) {
            (true, true) => equal += 1,
            (true, false) => noise += 1,
            (false, true) if *word == "audit" || is_for_the_log(&texts[*number], line, text, new) => {
                equal += 1
            }
            (false, true) => wrong.push(format!("{word}: `{}` became `{new}`", line.trim())),
            (false, false) if found.iter().all(|one| is_open(&one.what)) => open += 1,
            (false, false) => differ += 1,
        }
    }
    say(&format!(
        "{tried} mutants compiled, {refused} refused by the parser: {differ} differ by what is shown, {open} by what is not \
         weighed, {equal} are the same, {noise} said to differ and compile alike"
    ));
    assert!(wrong.is_empty(), "{} said to be the same: {:#?}", wrong.len(), &wrong[..wrong.len().min(30)]);
    assert!(tried > wanted / 2 && differ > tried / 2, "{tried} tried, {differ} differ");
    assert!(noise * 10 < tried, "{noise} of {tried} said to differ and compile alike");
}
