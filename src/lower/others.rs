//! Rules about other things than files, sockets and capabilities: operations and processes.

use crate::baseline::Need;
use crate::kernel::request::{Contact, Contacts};
use crate::kernel::{Glob, Operation};
use crate::rules::operation::OperationWord;
use crate::rules::{Kind, OperationRule, ProcessRule};

/// The one-word rules of an operation; signals, ptrace and huge pages have rules of other kinds.
pub(super) fn operation_rules(operation: Operation) -> Vec<OperationRule> {
    let one = |word| vec![OperationRule::whole(word)];
    match operation {
        Operation::Mount => one(OperationWord::Mount),
        Operation::Remount => {
            vec![OperationRule::whole(OperationWord::Remount), OperationRule::remount_read_only()]
        }
        Operation::Umount => one(OperationWord::Umount),
        Operation::PivotRoot => one(OperationWord::PivotRoot),
        Operation::Userns => one(OperationWord::Userns),
        Operation::Mqueue => one(OperationWord::Mqueue),
        Operation::IoUring => one(OperationWord::IoUring),
        Operation::Dbus => one(OperationWord::Dbus),
        Operation::Ptrace | Operation::Signal | Operation::HugePages => Vec::new(),
    }
}

/// The baseline's rules between processes, with the profile's own name where it is meant.
pub(super) fn process_rules(need: &Need, name: &str) -> Vec<Kind> {
    let received = Contacts::of(&[Contact::SignalReceive]);
    let read = Contacts::of(&[Contact::PtraceRead, Contact::PtraceReadBy]);
    let peers = match need {
        Need::SignalFrom(peer) => vec![(received, (*peer).to_owned())],
        Need::OwnSignals => vec![
            (Contacts::SIGNALS, name.to_owned()),
            // Processes whose profile is stacked with another, such as a labelled crun's: the kernel names the
            // profiles of a stack in the order of the alphabet.
            (Contacts::SIGNALS, format!("{name}//&*")),
            (Contacts::SIGNALS, format!("*//&{name}")),
        ],
        Need::OwnPtrace => vec![(read, name.to_owned())],
        Need::File(..) | Need::Socket(..) => Vec::new(),
    };
    let rule = |(contacts, peer): (Contacts, String)| {
        // Names and the baseline's own labels are patterns.
        let peer = Some(Glob::parse(&peer).ok()?);
        Some(Kind::Process(ProcessRule { contacts, signals: None, peer }))
    };
    peers.into_iter().filter_map(rule).collect()
}
