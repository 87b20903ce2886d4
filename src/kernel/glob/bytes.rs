//! Sets of bytes.

/// A set of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes([u64; 4]);

impl Bytes {
    pub const NONE: Bytes = Bytes([0; 4]);

    pub fn one(byte: u8) -> Bytes {
        let mut set = Bytes::NONE;
        set.insert(byte);
        set
    }

    /// Every byte that a path can hold.
    pub fn any() -> Bytes {
        Bytes::NONE.complement()
    }

    pub fn not_slash() -> Bytes {
        Bytes::one(b'/').complement()
    }

    pub fn insert(&mut self, byte: u8) {
        if let Some(word) = self.0.get_mut(usize::from(byte >> 6)) {
            *word |= 1 << (byte & 63);
        }
    }

    /// All others, but for NUL, which no path holds.
    pub fn complement(self) -> Bytes {
        let [a, b, c, d] = self.0;
        Bytes([!a & !1, !b, !c, !d])
    }

    pub fn contains(self, byte: u8) -> bool {
        self.0.get(usize::from(byte >> 6)).is_some_and(|word| word & (1 << (byte & 63)) != 0)
    }

    pub fn and(self, other: Bytes) -> Bytes {
        let [a, b, c, d] = self.0;
        let [e, f, g, h] = other.0;
        Bytes([a & e, b & f, c & g, d & h])
    }

    pub fn or(self, other: Bytes) -> Bytes {
        let [a, b, c, d] = self.0;
        let [e, f, g, h] = other.0;
        Bytes([a | e, b | f, c | g, d | h])
    }

    /// Its parts, as far as other sets tell its bytes apart.
    pub fn blocks(self, sets: impl IntoIterator<Item = Bytes>) -> Vec<Bytes> {
        let split = |blocks: Vec<Bytes>, set: Bytes| {
            let halves = blocks.into_iter().flat_map(|block| [block.and(set), block.and(set.complement())]);
            halves.filter(|block| !block.is_empty()).collect()
        };
        sets.into_iter().fold(vec![self], split)
    }

    /// Its byte, where it holds one alone.
    pub fn only(self) -> Option<u8> {
        self.plainest().filter(|byte| self == Bytes::one(*byte))
    }

    /// The one of its bytes that people would write.
    pub fn plainest(self) -> Option<u8> {
        let plain = (b'a'..=b'z').chain(b'0'..=b'9').chain(b'A'..=b'Z').chain(b'!'..=b'~');
        plain.chain(0..=u8::MAX).find(|byte| self.contains(*byte))
    }

    pub fn is_empty(self) -> bool {
        self.0 == [0; 4]
    }

    /// The set as numbers, for ordering.
    pub fn words(self) -> [u64; 4] {
        self.0
    }
}
