//! The keys about files and programs: what they let be done with a path, by every way of doing it.

use super::Plan;
use crate::Result;
use crate::access::{file, parent, words};
use crate::check::{Check, allowed_is};
use probe::{Step, Trial};

/// What may be done, as the language says it: read, write, link, lock, map as code, start.
type Modes = &'static str;

/// A key, its section, and its meaning.
struct Key {
    name: &'static str,
    section: &'static str,
    /// What an entry grants; what it takes away.
    grants: Modes,
    denies: Modes,
}

const KEYS: [Key; 8] = [
    Key { name: "read-only", section: "filesystem", grants: "rk", denies: "" },
    Key { name: "read-write", section: "filesystem", grants: "rwlk", denies: "" },
    Key { name: "write-only", section: "filesystem", grants: "wlk", denies: "" },
    Key { name: "deny-write", section: "filesystem", grants: "", denies: "wl" },
    Key { name: "deny", section: "filesystem", grants: "", denies: "rwlkmx" },
    Key { name: "allow", section: "exec", grants: "rmx", denies: "" },
    Key { name: "deny", section: "exec", grants: "", denies: "mx" },
    Key { name: "libraries", section: "exec", grants: "rm", denies: "" },
];

/// An entry, a path that it means, and one beside it that it does not.
struct Shape {
    entry: &'static str,
    inside: &'static str,
    outside: &'static str,
}

const fn shape(entry: &'static str, inside: &'static str, outside: &'static str) -> Shape {
    Shape { entry, inside, outside }
}

/// The first two are tried with every operation.
const SHAPES: [Shape; 15] = [
    shape("/data/d/", "/data/d/sub/x", "/data/dx"),
    shape("/data/f", "/data/f", "/data/f2"),
    shape("/data/d/", "/data/d/x", "/data/e/x"),
    shape("/data/t/**", "/data/t/sub/y", "/data/t"),
    shape("/data/*.x", "/data/a.x", "/data/s/a.x"),
    shape("/data/[ab]", "/data/b", "/data/c"),
    shape("/data/[^ab]", "/data/c", "/data/a"),
    shape("/data/{one,two}", "/data/two", "/data/onetwo"),
    shape("/data/q?", "/data/q1", "/data/q12"),
    shape("/bin/tool", "/usr/bin/tool", "/usr/sbin/tool"),
    // A root of the old kind: /lib32 is a folder of its own there.
    shape("/usr/lib32/tool", "/lib32/tool", "/lib64x/tool"),
    shape("/var/run/app/", "/run/app/x", "/run/apps"),
    shape("/data/sp ace,#\\\"quote", "/data/sp ace,#\"quote", "/data/sp"),
    shape("/data/naïve", "/data/naïve", "/data/naive"),
    shape("/data/back\\\\\\\\slash", "/data/back\\slash", "/data/backslash"),
];

/// A way to do something with a path, and what it needs of it.
struct Way {
    name: &'static str,
    needs: Modes,
    /// Only for the entries that are tried with everything.
    rare: bool,
}

const fn way(name: &'static str, needs: Modes) -> Way {
    Way { name, needs, rare: true }
}

const WAYS: [Way; 21] = [
    Way { name: "read", needs: "r", rare: false },
    Way { name: "write", needs: "w", rare: false },
    Way { name: "create", needs: "w", rare: false },
    Way { name: "exec", needs: "x", rare: false },
    way("append", "w"),
    way("truncate", "w"),
    way("open-truncate", "w"),
    way("delete", "w"),
    way("lock", "rk"),
    way("lock-exclusive", "rwk"),
    way("lock-write-only", "wk"),
    way("map", "rm"),
    way("map-write", "rw"),
    way("chmod", "w"),
    way("symlink", "w"),
    way("mkfifo", "w"),
    // Out of the way and into it. The kernel asks for reading too where a file is renamed.
    way("rename-from", "rw"),
    way("rename-to", "w"),
    way("link-new", "l"),
    // A new name may not allow more than the old one does.
    way("link-target", "rwlk"),
    way("mkdir", "w"),
];

pub(super) fn plan(plan: &mut Plan<'_>) -> Result<()> {
    for default in ["deny", "read", "allow"] {
        for key in &KEYS {
            // Where everything may be read, a key that says "not read" is an error.
            if key.name == "write-only" && default != "deny" {
                continue;
            }
            let shapes = if default == "deny" { SHAPES.len() } else { 2 };
            for (number, shape) in SHAPES.iter().enumerate().take(shapes) {
                let whole = number < 2;
                for with in [true, false] {
                    // Without the entry all shapes are one.
                    if with || number == 0 {
                        entry(plan, default, key, shape, with, whole)?;
                    }
                }
            }
        }
    }
    listings(plan)
}

/// Entries of `list`: a folder that each means, and one that it does not.
const LISTED: [Shape; 7] = [
    shape("/data/d/", "/data/d/", "/data/d/sub/"),
    // The slash may be left out.
    shape("/data/d", "/data/d/", "/data/"),
    shape("/data/t/*/", "/data/t/sub/", "/data/t/"),
    shape("/data/t/**", "/data/t/sub/y/", "/data/t/"),
    shape("/usr/lib32/tool/", "/lib32/tool/", "/lib32/"),
    shape("/var/run/app/", "/run/app/", "/run/apps/"),
    shape("/data/sp ace,#\\\"quote/", "/data/sp ace,#\"quote/", "/data/sp/"),
];

/// `list` shows what is in a folder, and opens, makes and changes nothing there.
fn listings(plan: &mut Plan<'_>) -> Result<()> {
    for default in ["deny", "read", "allow"] {
        for (shape, with) in LISTED.iter().flat_map(|shape| [(shape, true), (shape, false)]) {
            let entry = if with { format!("list = [\"{}\"]\n", shape.entry) } else { String::new() };
            let text = format!("[filesystem]\ndefault = \"{default}\"\n{entry}");
            let Some(policy) = plan.policy(&text)? else { continue };
            for (folder, inside) in [(shape.inside, with), (shape.outside, false)] {
                let below = format!("{folder}x");
                let reads = default != "deny";
                let tries = [
                    ("list", folder, reads || inside),
                    ("read", &below, reads),
                    ("create", &below, default == "allow"),
                    ("mkdir", &below, default == "allow"),
                ];
                for (way, path, allowed) in tries {
                    let has = if with { "has" } else { "without" };
                    let what = format!("default {default}, list {has} {}: {way} {path}", shape.entry);
                    plan.add(Check::trial(what, &policy, trial(&policy, way, path), allowed_is(allowed)));
                }
            }
        }
    }
    Ok(())
}

fn entry(
    plan: &mut Plan<'_>,
    default: &str,
    key: &Key,
    shape: &Shape,
    with: bool,
    whole: bool,
) -> Result<()> {
    let Some(policy) = plan.policy(&text(default, key, shape, with))? else { return Ok(()) };
    for (path, inside) in [(shape.inside, true), (shape.outside, false)] {
        for way in WAYS.iter().filter(|way| whole || !way.rare) {
            let has = |mode| may(mode, default, key, with && inside);
            let allowed = way.needs.chars().all(has)
                && may_as(way.name, shape, inside, !key.denies.is_empty() || default == "allow", &has);
            let what = format!(
                "default {default}, {}.{} {} {}: {} {path}",
                key.section,
                key.name,
                if with { "has" } else { "without" },
                shape.entry,
                way.name
            );
            plan.add(Check::trial(what, &policy, trial(&policy, way.name, path), allowed_is(allowed)));
        }
    }
    Ok(())
}

/// A policy with one entry, or without. What a denial is to take away is granted first.
fn text(default: &str, key: &Key, shape: &Shape, with: bool) -> String {
    let mut filesystem = String::from("read-write = [\"/scratch/\"]\n");
    let mut exec = String::new();
    let all = "[\"/data/\", \"/usr/{bin,sbin,lib32}/tool\", \"/lib64x/\", \"/run/\"]";
    if !key.denies.is_empty() {
        if default == "deny" {
            filesystem = format!("read-write = [\"/scratch/\", {}\n", all.trim_start_matches('['));
        }
        exec = format!("allow = {all}\n");
    }
    if with {
        let line = format!("{} = [\"{}\"]\n", key.name, shape.entry);
        match (key.section, key.name) {
            ("filesystem", "read-write") => {
                filesystem = format!("read-write = [\"/scratch/\", \"{}\"]\n", shape.entry);
            }
            ("filesystem", _) => filesystem.push_str(&line),
            _ => exec.push_str(&line),
        }
    }
    format!("[filesystem]\ndefault = \"{default}\"\n{filesystem}[exec]\n{exec}")
}

/// Law 2: a grant covers it, and no denial does.
fn may(mode: char, default: &str, key: &Key, entry: bool) -> bool {
    let everywhere = match default {
        "read" => "rk",
        "allow" => "rwlk",
        _ => "",
    };
    let first = if key.denies.is_empty() {
        ""
    } else if default == "deny" {
        "rwlkmx"
    } else {
        "rmx"
    };
    let granted = everywhere.contains(mode) || first.contains(mode) || entry && key.grants.contains(mode);
    let read_only = default == "allow" && key.name == "read-only" && "wl".contains(mode);
    granted && !(entry && (key.denies.contains(mode) || read_only))
}

/// What a way asks for beyond its modes.
fn may_as(way: &str, shape: &Shape, inside: bool, by_default: bool, has: &dyn Fn(char) -> bool) -> bool {
    match way {
        // A new name may not allow more than the old one: /scratch holds no code.
        "link-new" => !has('m') && !has('x'),
        // An entry without a slash grants no folder of that name. What it denies, it denies of a folder too.
        "mkdir" => by_default || !inside || shape.entry.ends_with('/'),
        _ => true,
    }
}

fn trial(profile: &str, way: &str, path: &str) -> Trial {
    const OTHER: &str = "/scratch/other";
    let (before, words) = match way {
        "create" | "mkfifo" => (vec![Step::Folder(parent(path))], words(&[way, path])),
        "mkdir" => (vec![Step::Folder(parent(path))], words(&[way, path])),
        "symlink" => (vec![Step::Folder(parent(path))], words(&[way, path, "/nowhere"])),
        "exec" => (vec![Step::Program(path.to_owned())], words(&[way, path])),
        "rename-from" => {
            (vec![file(path), Step::Folder("/scratch".to_owned())], words(&["rename", path, OTHER]))
        }
        "rename-to" => (vec![file(OTHER), Step::Folder(parent(path))], words(&["rename", OTHER, path])),
        "link-new" => (vec![file(OTHER), Step::Folder(parent(path))], words(&["link", path, OTHER])),
        "link-target" => {
            (vec![file(path), Step::Folder("/scratch".to_owned())], words(&["link", OTHER, path]))
        }
        _ => (vec![file(path)], words(&[way, path])),
    };
    Trial { profile: profile.to_owned(), before, words, ..Trial::default() }
}
