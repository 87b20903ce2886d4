//! A state machine of a compiled policy: compressed tables, big-endian (security/apparmor/match.c).
//!
//! Everything that a walk relies on is checked while it is read, as the kernel does, so that a walk cannot fail.

const MAGIC: u32 = 0x1b5e_783d;
/// The fields of a table's head, and of the head of them all as far as it is read.
const TABLE_HEAD: usize = 12;
const SET_HEAD: usize = 14;

/// A state takes the transitions of its default where it has none of its own.
const DIFFERENTIAL: u32 = 0x8000_0000;
/// A state has a transition that is no byte's.
const OUT_OF_BAND: u32 = 0x2000_0000;
const INVALID: u32 = 0x1f00_0000;
const BASE: u32 = 0x00ff_ffff;

/// From which nothing leads on.
pub(super) const TRAP: usize = 0;
pub(super) const START: usize = 1;

#[derive(Debug, Default)]
pub(super) struct Machine {
    accept: Vec<u32>,
    accept2: Vec<u32>,
    base: Vec<u32>,
    default: Vec<u32>,
    next: Vec<u32>,
    check: Vec<u32>,
    /// Bytes that are alike to it have one class; empty where each is its own.
    classes: Vec<u32>,
}

impl Machine {
    pub(super) fn read(bytes: &[u8]) -> Result<Machine, String> {
        let head = bytes.get(..SET_HEAD).ok_or("a machine ends in its head")?;
        if number(&head[..4]) != MAGIC {
            return Err("a machine does not start with its magic number".to_owned());
        }
        let size = number(&head[4..8]) as usize;
        let flags = number(&head[12..14]);
        let mut rest = bytes.get(size..).ok_or("a machine ends in its head")?;
        let mut machine = Machine::default();
        while !rest.is_empty() {
            rest = machine.table(rest)?;
        }
        machine.check(flags)?;
        Ok(machine)
    }

    /// Reads a table; returns what follows it.
    fn table<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], String> {
        let head = bytes.get(..TABLE_HEAD).ok_or("a table ends in its head")?;
        let (id, width, length) = (number(&head[..2]), number(&head[2..4]), number(&head[8..12]));
        let (table, widths): (&mut Vec<u32>, &[u32]) = match id {
            1 => (&mut self.accept, &[4]),
            2 => (&mut self.base, &[4]),
            3 => (&mut self.check, &[2, 4]),
            4 => (&mut self.default, &[2, 4]),
            5 => (&mut self.classes, &[1]),
            7 => (&mut self.accept2, &[4]),
            8 => (&mut self.next, &[2, 4]),
            _ => return Err(format!("a table has the unknown number {id}")),
        };
        if !widths.contains(&width) || length == 0 || !table.is_empty() {
            return Err(format!("table {id} has {length} entries of {width} bytes, or is there twice"));
        }
        let width = width as usize;
        let end = TABLE_HEAD + width * length as usize;
        let entries = bytes.get(TABLE_HEAD..end).ok_or_else(|| format!("table {id} is cut off"))?;
        table.extend(entries.chunks(width).map(number));
        bytes.get(end.next_multiple_of(8)..).ok_or_else(|| format!("table {id} is not padded"))
    }

    fn check(&self, flags: u32) -> Result<(), String> {
        let states = self.base.len();
        let right = [
            (flags & !3 == 0, "it has unknown flags"),
            (states >= 2, "it has no states"),
            (self.accept.len() == states && self.default.len() == states, "a state lacks an entry"),
            (self.accept2.is_empty() || self.accept2.len() == states, "a state lacks its second word"),
            (self.next.len() == self.check.len(), "a transition lacks its check"),
            (self.classes.is_empty() || self.classes.len() == 256, "a byte lacks its class"),
            (self.base.iter().all(|base| base & INVALID == 0), "a state has unknown flags"),
            (
                flags & 1 != 0 || self.base.iter().all(|base| base & DIFFERENTIAL == 0),
                "a state is differential",
            ),
            (
                flags & 2 != 0 || self.base.iter().all(|base| base & OUT_OF_BAND == 0),
                "a state is out of band",
            ),
            (
                self.base.iter().all(|base| (base & BASE) as usize + 255 < self.next.len()),
                "the transitions of a state are out of bounds",
            ),
            (
                [&self.default, &self.next, &self.check]
                    .into_iter()
                    .flatten()
                    .all(|to| (*to as usize) < states),
                "a transition leads to no state",
            ),
            (self.has_ends(), "the defaults of a state lead back to it"),
        ];
        match right.iter().find(|(is_right, _)| !is_right) {
            Some((_, wrong)) => Err(format!("a machine of {states} states is wrong: {wrong}")),
            None => Ok(()),
        }
    }

    /// Whether each chain of differential states comes to one that is not.
    fn has_ends(&self) -> bool {
        let states = self.base.len().min(self.default.len());
        let mut ends = vec![false; states];
        for start in 0..states {
            let mut chain = Vec::new();
            let mut at = start;
            while !ends[at] && self.base[at] & DIFFERENTIAL != 0 {
                if chain.len() > states {
                    return false;
                }
                chain.push(at);
                at = self.default[at] as usize;
            }
            for state in chain {
                ends[state] = true;
            }
        }
        true
    }

    pub(super) fn states(&self) -> usize {
        self.base.len()
    }

    /// The words that say what is permitted where a walk ends. The second is 0 where there is none.
    pub(super) fn accept(&self, state: usize) -> (u32, u32) {
        (self.accept[state], self.accept2.get(state).copied().unwrap_or(0))
    }

    /// Without them the first ones must be indices of a table of permissions.
    pub(super) fn has_second_words(&self) -> bool {
        !self.accept2.is_empty()
    }

    pub(super) fn step(&self, state: usize, byte: u8) -> usize {
        let class = self.classes.get(usize::from(byte)).map_or(usize::from(byte), |class| *class as usize);
        let mut state = state;
        loop {
            let base = self.base[state];
            let at = (base & BASE) as usize + class;
            if self.check[at] as usize == state {
                return self.next[at] as usize;
            }
            state = self.default[state] as usize;
            if base & DIFFERENTIAL == 0 {
                return state;
            }
        }
    }

    pub(super) fn walk(&self, from: usize, bytes: &[u8]) -> usize {
        if from == TRAP { TRAP } else { bytes.iter().fold(from, |state, byte| self.step(state, *byte)) }
    }
}

/// A big-endian number of as many bytes as there are, four at most.
fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}
