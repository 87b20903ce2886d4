//! `aapol init`: a policy to start from, with the schema beside it so that editors know it offline.

use super::console::Console;
use super::offered::Offered;
use super::output::Written;
use super::{Failure, Outcome, output};
use crate::diag::shown;
use crate::diag::suggest::nearest;
use crate::schema;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The example to start from
    #[arg(value_parser = Offered::Examples, hide_possible_values = true)]
    template: Option<String>,
    /// List the examples
    #[arg(long, conflicts_with = "template")]
    list: bool,
    /// The folder to write into, made if it is missing [default: this one]
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
}

/// An example: its files by name, the policy first.
#[derive(Debug)]
pub struct Example {
    pub name: &'static str,
    pub files: &'static [(&'static str, &'static str)],
}

macro_rules! example {
    ($name:literal $(, $file:literal)*) => {
        Example {
            name: $name,
            files: &[
                ("policy.toml", include_str!(concat!("../../examples/", $name, "/policy.toml"))),
                $(($file, include_str!(concat!("../../examples/", $name, "/", $file))),)*
            ],
        }
    };
}

/// The examples, the plainest first. A test holds them against the folder.
pub const EXAMPLES: &[Example] = &[
    example!("starter"),
    example!("deny-write"),
    example!("two-containers"),
    example!("offline-worker"),
    example!("go-static"),
    example!("nginx"),
    example!("node-web"),
    example!("java-service"),
    example!("redis"),
    example!("postgres"),
    example!("shell-job"),
    example!("cron-report"),
    example!("init-sidecar"),
    example!("complain-rollout"),
    example!("organisation", "base.toml"),
];

/// How the examples name the schema, and how a policy beside it does.
const SCHEMA_LINES: (&str, &str) =
    ("#:schema ../../schema/policy.schema.json", "#:schema ./policy.schema.json");

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Failure> {
    if arguments.list {
        for example in EXAMPLES {
            console.out(&format!("{:20}{}\n", example.name, summary(example)));
        }
        return Ok(Outcome::Fine);
    }
    let wanted = arguments.template.as_deref().unwrap_or("starter");
    let Some(example) = EXAMPLES.iter().find(|example| example.name == wanted) else {
        let failure = Failure::new(format!("there is no example `{wanted}`"));
        return Err(match nearest(wanted, EXAMPLES.iter().map(|e| e.name)) {
            Some(near) => failure.help(format!("did you mean `{near}`? `aapol init --list` shows all")),
            None => failure.help("`aapol init --list` shows all"),
        });
    };
    let folder = arguments.out_dir.as_deref().unwrap_or(Path::new(""));
    output::make_folder(folder)?;
    let (there, here) = SCHEMA_LINES;
    let policies = example.files.iter().map(|(name, text)| (*name, text.replace(there, here)));
    for (name, text) in policies.chain([("policy.schema.json", schema::text())]) {
        let (path, written) = output::create(folder, name, &text)?;
        let verb = if written == Written::Unchanged { "unchanged:" } else { "wrote" };
        console.say(&format!("{verb} {}\n", shown::path(&path)));
    }
    let policy = folder.join("policy.toml");
    console.say(&format!("next: edit it, then `aapol render {}`\n", shown::path(&policy)));
    Ok(Outcome::Fine)
}

/// An example's own words: its description.
pub(super) fn summary(example: &Example) -> String {
    let policy = example.files.first().map_or("", |(_, text)| *text);
    let line = policy.lines().find_map(|line| line.strip_prefix("description = \""));
    line.map_or(String::new(), |line| line.trim_end_matches('"').to_owned())
}
