//! What the kernel would make of a compiled policy: reads the parser's output and answers accesses from it.
//!
//! Enters: the bytes that `Parser::compile` hands back, from parsers 3.0 to 5.0. Leaves: for one access, whether
//! the rules permit it. Absent: modes (a profile that complains is answered as if it enforced), the process's own
//! user and capabilities, namespaces. Source: the kernel's security/apparmor.

mod machine;
pub(crate) mod permissions;
mod stream;
mod unpack;

use machine::{Machine, TRAP};
use permissions::{FilePerms, LINK, Row, SOCKET, To, Transition};
use stream::Stream;

/// What rules are about (include/apparmor.h).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    File = 2,
    Mount = 7,
    Ptrace = 9,
    Signal = 10,
    Network = 14,
    /// Sockets by address, from ABI 5.0 on: not read here.
    Address = 15,
    /// Rules about labels stand under this class too.
    Label = 16,
    Userns = 21,
}

/// What is asked of a process or has been asked of this one (include/perms.h).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ptrace {
    Trace = 0x2,
    Read = 0x4,
    TracedBy = 0x8,
    ReadBy = 0x10,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Send = 0x2,
    Receive = 0x4,
}

/// How denials and grants are dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Enforce,
    Complain,
    Kill,
    Unconfined,
    Prompt,
}

/// One profile.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) name: String,
    pub(crate) mode: Mode,
    /// The soft and hard limits by the kernel's numbers; None where the rules set none.
    pub(crate) limits: Vec<Option<u64>>,
    /// The kernel ABI whose words it is in.
    version: u32,
    allowed: u64,
    quiet: u64,
    policy: Rules,
    files: Rules,
}

/// A machine with what its states mean.
#[derive(Debug, Default)]
struct Rules {
    /// Without one, every state is the trap.
    machine: Option<Machine>,
    rows: Vec<Row>,
    start: usize,
    /// Profiles that programs are started under by name.
    names: Vec<String>,
}

impl Compiled {
    /// The one profile of a policy.
    pub(crate) fn read(bytes: &[u8]) -> Result<Compiled, String> {
        let [one]: [Compiled; 1] = Compiled::read_all(bytes)?
            .try_into()
            .map_err(|all: Vec<Compiled>| format!("there are {} profiles", all.len()))?;
        Ok(one)
    }

    /// Each profile of a policy, in its order.
    pub(crate) fn read_all(bytes: &[u8]) -> Result<Vec<Compiled>, String> {
        let mut stream = Stream::new(bytes);
        let mut profiles = Vec::new();
        let mut version = None;
        while !stream.is_at_end() {
            version = stream.u32(Some("version")).or(version);
            stream.string(Some("namespace"));
            let version = version.ok_or_else(|| stream.wants("the version"))? & 0x3ff;
            profiles.push(unpack::profile(&mut stream, version)?);
        }
        Ok(profiles)
    }

    pub(crate) fn mediates(&self, class: Class) -> bool {
        self.class(class) != TRAP
    }

    pub(crate) fn file(&self, path: &[u8], owner: bool) -> FilePerms {
        let (rules, start) = self.file_rules();
        rules.file(rules.walk(start, path), owner)
    }

    /// The profile that a named transition leads to.
    pub(crate) fn target(&self, transition: Transition) -> Option<&str> {
        match transition.to {
            To::Named(at) => self.file_rules().0.names.get(at).map(String::as_str),
            To::Same | To::Unconfined | To::Profile | To::Child => None,
        }
    }

    /// Making a hard link (`profile_path_link`): the name, the pair, and that the name permits no more than what
    /// it is a name of, where that is wanted. The owner is that of the file, which there is one of.
    pub(crate) fn link(&self, new: &[u8], target: &[u8], owner: bool) -> bool {
        let (rules, start) = self.file_rules();
        let linked = rules.walk(start, new);
        let name = rules.file(linked, owner);
        let pair = rules.file(rules.walk(rules.walk(linked, &[0]), target), owner);
        let is_paired = name.allows(LINK) && pair.allows(LINK);
        is_paired && (!pair.wants_subset() || name.is_subset_of(self.file(target, owner)))
    }

    pub(crate) fn capability(&self, number: u32) -> bool {
        self.allowed >> number & 1 != 0
    }

    /// Whether it is denied without a word in the log.
    pub(crate) fn quiets_capability(&self, number: u32) -> bool {
        self.quiet >> number & 1 != 0
    }

    /// Making such a socket and everything that is done with one (`aa_profile_af_perm`). No answer where sockets
    /// are mediated by address.
    pub(crate) fn network(&self, family: u16, kind: u16) -> bool {
        let start = self.class(Class::Network);
        let key = [family.to_be_bytes(), kind.to_be_bytes()].concat();
        start == TRAP || self.permits(self.policy.walk(start, &key), SOCKET)
    }

    /// The number is `sig_map`'s (include/sig_names.h): the usual one on x86, 35 where none is sent, from 128 on real-time.
    pub(crate) fn signal(&self, way: Signal, number: u8, peer: &str) -> bool {
        let start = self.class(Class::Signal);
        start == TRAP || self.label(self.policy.walk(start, &[number]), peer, way as u32)
    }

    pub(crate) fn ptrace(&self, way: Ptrace, peer: &str) -> bool {
        // It is found under the class of labels, and whether it is asked for under its own.
        let start = self.policy.walk(self.class(Class::Label), &[Class::Ptrace as u8]);
        !self.mediates(Class::Ptrace) || self.label(start, peer, way as u32)
    }

    /// Mounting by the mount system call (`match_mnt`): the flags are the kernel's, the data is not binary.
    pub(crate) fn mount(&self, source: &str, on: &str, kind: &str, flags: u32, data: &str) -> bool {
        const MOUNT: u32 = 0x2;
        const GOES_ON: u32 = 0x40;
        let start = self.class(Class::Mount);
        let state = [on, source, kind]
            .into_iter()
            .fold(start, |state, text| self.policy.walk(self.policy.walk(state, text.as_bytes()), &[0]));
        let set: Vec<u8> = (0..32).filter(|bit| flags >> bit & 1 != 0).map(|bit| bit + 1).collect();
        let state = self.policy.walk(state, &set);
        let with_data = self.policy.walk(self.policy.walk(state, &[0]), data.as_bytes());
        start == TRAP
            || self.permits(state, MOUNT)
            || self.permits(state, GOES_ON) && self.permits(with_data, MOUNT)
    }

    pub(crate) fn umount(&self, on: &str) -> bool {
        let start = self.class(Class::Mount);
        start == TRAP || self.permits(self.policy.walk(start, on.as_bytes()), 0x4)
    }

    pub(crate) fn pivot_root(&self, new: &str, old: &str) -> bool {
        let start = self.class(Class::Mount);
        let key = [new.as_bytes(), &[0], old.as_bytes()].concat();
        start == TRAP || self.permits(self.policy.walk(start, &key), 0x1)
    }

    /// Making a user namespace (`aa_profile_ns_perm`).
    pub(crate) fn userns(&self) -> bool {
        let start = self.class(Class::Userns);
        start == TRAP || self.permits(start, 0x8)
    }

    fn class(&self, class: Class) -> usize {
        self.policy.walk(self.policy.start, &[class as u8])
    }

    /// Newer parsers have files among the rest.
    fn file_rules(&self) -> (&Rules, usize) {
        match self.files.machine {
            Some(_) => (&self.files, self.files.start),
            None => (&self.policy, self.class(Class::File)),
        }
    }

    fn permits(&self, state: usize, bits: u32) -> bool {
        let Some(machine) = &self.policy.machine else { return false };
        let allow = if self.policy.rows.is_empty() {
            permissions::policy(machine.accept(state), self.version)
        } else {
            self.policy.row(state, 0).map_or(0, |row| row.allow & !row.deny)
        };
        state != TRAP && allow & bits == bits
    }

    /// A label of one or of stacked profiles (`aa_label_match`). Where the stack as a whole leads nowhere, older
    /// kernels stop, and since 6.18 each of it is asked alone: the answer is the older kernels'.
    fn label(&self, start: usize, peer: &str, bits: u32) -> bool {
        let whole = self.policy.walk(start, peer.as_bytes());
        let each =
            || peer.split("//&").all(|one| self.permits(self.policy.walk(start, one.as_bytes()), bits));
        whole != TRAP && (self.permits(whole, bits) || each())
    }
}

impl Rules {
    fn walk(&self, from: usize, bytes: &[u8]) -> usize {
        self.machine.as_ref().map_or(TRAP, |machine| machine.walk(from, bytes))
    }

    fn file(&self, state: usize, owner: bool) -> FilePerms {
        let Some(machine) = &self.machine else { return FilePerms::default() };
        if self.rows.is_empty() {
            return FilePerms::of_words(machine.accept(state), owner);
        }
        // The others' row follows the owner's: of each state, or of those with a flag (`aa_lookup_condperms`).
        let is_paired = !machine.has_second_words() || machine.accept(state).1 & 1 != 0;
        self.row(state, usize::from(is_paired && !owner)).map(FilePerms::of_row).unwrap_or_default()
    }

    fn row(&self, state: usize, beyond: usize) -> Option<Row> {
        let (index, _) = self.machine.as_ref()?.accept(state);
        self.rows.get(index as usize + beyond).copied()
    }
}
