//! Policies of other tools: what profile each tool would write of them.
//!
//! Enters: the text of a file of bane, aa-easyprof, the security-profiles-operator, KubeArmor, or a ConfigMap with profiles.
//! Leaves: for each policy in it the text of the profile that the tool itself would write, its defects included, with the line
//! that each of its rules comes from and what is to be said; or why there is none. Knows nothing of aapol's own policies, and
//! decides nothing: what a profile allows is found out from its text.

pub mod bane;
mod bare;
mod draft;
pub mod easyprof;
#[cfg(test)]
mod hostile;
pub mod kubernetes;
mod places;
mod yaml;

/// The profile that a tool would write for one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenProfile {
    /// As the tool would name it in the kernel.
    pub name: String,
    /// Whole: `abi` where the tool writes one, includes, one profile.
    pub text: String,
    /// For each line of the text the line of the input that it comes from; none where the tool writes it always.
    pub lines: Vec<Option<usize>>,
    pub remarks: Vec<Remark>,
}

/// Something to be said of a policy of another tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub weight: Weight,
    /// The line of the input that it is about.
    pub line: Option<usize>,
    /// In one sentence without a full stop, the user's words in backticks.
    pub text: String,
}

/// What a remark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// A part of the input that the profile has nothing for: never a wider grant.
    Dropped,
    /// A part of the input that does not do what it says, by a defect of its tool.
    Ineffective,
    /// What else there is to know: the pods it is for, where its profile is loaded.
    Note,
}

/// Why a policy, or a whole file, comes to no profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTaken {
    /// The line of the input that is at fault.
    pub line: Option<usize>,
    /// Lower case, no full stop, the user's words in backticks.
    pub wrong: String,
    /// What to do.
    pub help: String,
}

/// What files there are, by who makes something of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// The text of profiles.
    Profile,
    Bane,
    Easyprof,
    /// Objects of a cluster: the security-profiles-operator's, KubeArmor's, ConfigMaps.
    Kubernetes,
}

impl Tool {
    /// Who would write the profile, as it reads behind the name of a file.
    pub fn maker(self) -> &'static str {
        match self {
            Tool::Profile | Tool::Kubernetes => "",
            Tool::Bane => ", as bane writes it",
            Tool::Easyprof => ", as aa-easyprof writes it",
        }
    }
}

/// What a file is, by what stands in it.
pub fn recognised(text: &str) -> Option<Tool> {
    let is = |tool: &Tool| match tool {
        Tool::Bane => bane::is_bane(text),
        Tool::Easyprof => easyprof::is_easyprof(text),
        Tool::Kubernetes => kubernetes::is_meant(text),
        Tool::Profile => is_profile(text),
    };
    [Tool::Bane, Tool::Easyprof, Tool::Kubernetes, Tool::Profile].into_iter().find(is)
}

/// What a file may be that somebody names: what nobody would look for in a folder, too.
pub fn assumed(text: &str) -> Option<Tool> {
    let is_object = text.contains("apiVersion") && text.contains("kind");
    recognised(text).or_else(|| is_object.then_some(Tool::Kubernetes))
}

/// Whether something in a text opens a profile: a line that names one, by the word or by a path, with a brace behind it.
fn is_profile(text: &str) -> bool {
    let lines = text.lines().map(|line| line.split(" #").next().unwrap_or_default().trim());
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).peekable();
    while let Some(line) = lines.next() {
        let begins = ["profile ", "/", "\"/", "@{"].iter().any(|begin| line.starts_with(begin));
        let opens = line.ends_with('{')
            || line.starts_with("profile ") && line.contains('{')
            || lines.peek().is_some_and(|next| next.starts_with('{'));
        if begins && opens {
            return true;
        }
    }
    false
}

/// The profiles that its tool would write for a text, or its own where it holds profiles.
pub fn read(tool: Tool, text: &str) -> Vec<Result<WrittenProfile, NotTaken>> {
    match tool {
        Tool::Profile => Vec::new(),
        Tool::Kubernetes => kubernetes::read(text),
        Tool::Bane => bane::read(text),
        Tool::Easyprof => easyprof::read(text),
    }
}
