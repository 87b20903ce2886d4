//! What a container run must have come to, from the facts that its script printed and from the kernel's log.

use super::scene::{Flow, Ready, Scene, Wanted};
use crate::check::Judge;
use probe::{Answer, Outcome};

/// The labels that a runtime may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    None,
    /// A profile of this name.
    Of(&'static str),
}

impl Label {
    /// The compiled policies that give it.
    pub(super) fn policies(self) -> impl Iterator<Item = String> {
        match self {
            Label::None => None,
            Label::Of(name) => Some(format!("label-{name}")),
        }
        .into_iter()
    }

    fn text(self) -> String {
        match self {
            Label::None => "unconfined".to_owned(),
            Label::Of(name) => format!("{name} (unconfined)"),
        }
    }
}

/// What is judged, apart from the scene: it is moved into the judge.
pub(super) fn judge(scene: &Scene, words: Vec<Vec<String>>, label: Label, is_control: bool) -> Judge {
    let scene = scene.clone();
    Box::new(move |answer| {
        let facts = Facts::of(answer)?;
        let mut wrong = Vec::new();
        run(&scene, &facts, label, is_control, &mut wrong);
        trials(&scene, &facts, is_control, &mut wrong);
        log(&scene, &words, &answer.log, is_control, &mut wrong);
        if wrong.is_empty() {
            return Ok(());
        }
        Err(format!("{}\n    printed: {}", wrong.join("; "), facts.text.replace('\n', "\n    ")))
    })
}

/// The lines of a script's output.
pub(super) struct Facts {
    pub(super) text: String,
}

impl Facts {
    pub(super) fn of(answer: &Answer) -> Result<Facts, String> {
        match &answer.outcome {
            Outcome::Ran { status: 0, output } => Ok(Facts { text: output.clone() }),
            Outcome::Ran { .. }
            | Outcome::Done(_)
            | Outcome::Refused { .. }
            | Outcome::Killed(_)
            | Outcome::Hung(_)
            | Outcome::Broken(_) => Err(format!("the script itself: {:?}", answer.outcome)),
        }
    }

    /// What stands behind this name, first line.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.text.lines().filter_map(move |line| line.strip_prefix(name)?.strip_prefix(' '))
    }

    fn is(&self, name: &str, wanted: &str, wrong: &mut Vec<String>) {
        if self.get(name) != Some(wanted) {
            wrong.push(format!("{name} must be {wanted}, and is {:?}", self.get(name)));
        }
    }
}

fn run(scene: &Scene, facts: &Facts, label: Label, is_control: bool, wrong: &mut Vec<String>) {
    let container = &scene.container;
    if scene.ready != Ready::Ended {
        let own = if is_control { label.text() } else { confined(scene) };
        let stacked = stacked(scene, label);
        let is_own = |one: &str| one == own || Some(one) == stacked.as_deref();
        if !facts.get("label").is_some_and(is_own) {
            wrong.push(format!("the label must be {own}, and is {:?}", facts.get("label")));
        }
        wrong
            .extend(facts.all("process").filter(|one| !is_own(one)).map(|one| format!("a process is {one}")));
        // What a shim has the runtime create is adopted by the machine's first process.
        let above = if scene.flow == Flow::Shim { Label::None } else { label };
        facts.is("runtime", &above.text(), wrong);
        facts.is("user", &container.user.to_string(), wrong);
        facts.is("group", &container.group.to_string(), wrong);
        facts.is("no-new-privileges", if container.no_new_privileges { "1" } else { "0" }, wrong);
        let bounding = facts.get("bounding").and_then(|mask| u64::from_str_radix(mask, 16).ok());
        let count = container.capabilities.len();
        if bounding.map(u64::count_ones) != u32::try_from(count).ok() {
            wrong.push(format!("{count} capabilities must be there, and the kernel has {bounding:?}"));
        }
    }
    facts.is("ended", &scene.status.to_string(), wrong);
    for name in ["states", "groups", "mounts", "processes"] {
        facts.is(&format!("left {name}"), "0", wrong);
    }
    for line in scene.facts.iter().filter(|_| !is_control) {
        if !facts.text.lines().any(|found| found == *line) {
            wrong.push(format!("must print `{line}`"));
        }
    }
}

/// As the kernel shows the scene's label.
fn confined(scene: &Scene) -> String {
    let flags = scene.rendered.profile.split_once("flags=(").map_or("", |(_, rest)| rest);
    let flags = flags.split_once(')').map_or("", |(flags, _)| flags);
    let mode = flags.split(',').find(|flag| ["complain", "kill"].contains(flag)).unwrap_or("enforce");
    format!("{} ({mode})", scene.rendered.name)
}

/// Newer crun does not leave its own label: it stacks the profile on it, and the kernel orders such names.
fn stacked(scene: &Scene, label: Label) -> Option<String> {
    match label {
        Label::Of("crun") => {
            let mut names = ["crun", scene.rendered.name.as_str()];
            names.sort_unstable();
            Some(format!("{} (mixed)", names.join("//&")))
        }
        Label::Of(_) | Label::None => None,
    }
}

fn trials(scene: &Scene, facts: &Facts, is_control: bool, wrong: &mut Vec<String>) {
    let answers: Vec<&str> = facts.all("try").collect();
    if answers.len() != scene.trials.len() {
        wrong.push(format!("{} answers to {} trials", answers.len(), scene.trials.len()));
    }
    for ((access, wanted), answer) in scene.trials.iter().zip(answers) {
        let outcome: Result<Outcome, _> = serde_json::from_str(answer);
        let done = outcome.as_ref().is_ok_and(Outcome::is_done);
        let refused = matches!(&outcome, Ok(Outcome::Refused { error, .. })
            if ["EACCES", "EPERM", "EROFS"].contains(&error.as_str()));
        let right = match wanted {
            Wanted::Allowed => done,
            Wanted::Denied if is_control => done,
            Wanted::Denied | Wanted::Barred => refused,
        };
        if !right {
            wrong.push(format!("`{access}` must be {wanted:?}, and was {answer}"));
        }
    }
}

/// Each denial that must be logged is, and no other.
fn log(scene: &Scene, words: &[Vec<String>], log: &[String], is_control: bool, wrong: &mut Vec<String>) {
    let refused = ["apparmor=\"DENIED\"", "apparmor=\"KILLED\""];
    let own = log.iter().filter(|line| refused.iter().any(|word| line.contains(word)));
    let mut may = Vec::new();
    let mut must: Vec<String> = scene.denials.iter().map(|part| (*part).to_owned()).collect();
    for ((access, wanted), words) in scene.trials.iter().zip(words) {
        match wanted {
            Wanted::Allowed => {}
            Wanted::Denied => must.push(part(access, words)),
            Wanted::Barred => may.push(part(access, words)),
        }
    }
    if is_control {
        must.clear();
        may.clear();
    }
    for part in &must {
        if !log.iter().any(|line| line.contains(part.as_str())) {
            wrong.push(format!("no denial of {part} is logged"));
        }
    }
    for line in own {
        if !must.iter().chain(&may).any(|part| line.contains(part.as_str())) {
            wrong.push(format!("logged: {line}"));
        }
    }
}

/// What the kernel's line about a refused access has in it.
fn part(access: &str, words: &[String]) -> String {
    match access.split_once(' ') {
        Some(("network", name)) => {
            let (family, kind) = name.split_once('/').unwrap_or((name, ""));
            format!("family=\"{family}\" sock_type=\"{kind}\"")
        }
        Some(("capability", name)) => format!("capname=\"{name}\""),
        // Without its beginning: the kernel has followed the links of the folders, such as /bin.
        _ => format!("{}\"", words.get(1).map_or("", String::as_str)),
    }
}
