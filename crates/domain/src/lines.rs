//! Cutting a stream of bytes into lines, however it comes in pieces, within a bound on the length of each.

use std::borrow::Cow;

/// A line was longer than the bound; it was read past, and none of it is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// A line without its end, and its number from 1 on.
pub type Line<'c> = (u64, Result<Cow<'c, [u8]>, TooLong>);

/// Holds at most one line that is not whole yet.
#[derive(Debug)]
pub struct Lines {
    most: usize,
    carry: Vec<u8>,
    over: bool,
    number: u64,
}

impl Lines {
    /// For lines of at most `most` bytes, their ends not counted.
    pub fn of_at_most(most: usize) -> Self {
        Self { most, carry: Vec::new(), over: false, number: 0 }
    }

    /// Takes the next whole line off `chunk`; `None` once the chunk is used up.
    pub fn next<'c>(&mut self, chunk: &mut &'c [u8]) -> Option<Line<'c>> {
        let Some(end) = chunk.iter().position(|byte| *byte == b'\n') else {
            self.keep(std::mem::take(chunk));
            return None;
        };
        let (head, rest) = chunk.split_at_checked(end).unwrap_or((chunk, &[]));
        *chunk = rest.get(1..).unwrap_or(&[]);
        if self.carry.is_empty() && !self.over {
            self.number += 1;
            let line = if head.len() > self.most { Err(TooLong) } else { Ok(Cow::Borrowed(trimmed(head))) };
            return Some((self.number, line));
        }
        self.keep(head);
        Some(self.whole())
    }

    /// What stands behind the last end of a line, if anything does.
    pub fn finish(&mut self) -> Option<Line<'static>> {
        (self.over || !self.carry.is_empty()).then(|| self.whole())
    }

    fn keep(&mut self, piece: &[u8]) {
        if self.over || self.carry.len() + piece.len() > self.most {
            self.over = true;
            self.carry = Vec::new();
        } else {
            self.carry.extend_from_slice(piece);
        }
    }

    fn whole(&mut self) -> Line<'static> {
        self.number += 1;
        let line = std::mem::take(&mut self.carry);
        if std::mem::take(&mut self.over) {
            return (self.number, Err(TooLong));
        }
        let length = trimmed(&line).len();
        let mut line = line;
        line.truncate(length);
        (self.number, Ok(Cow::Owned(line)))
    }
}

fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(most: usize, pieces: &[&[u8]]) -> Vec<(u64, Result<Vec<u8>, TooLong>)> {
        let mut lines = Lines::of_at_most(most);
        let mut all = Vec::new();
        for piece in pieces {
            let mut chunk = *piece;
            while let Some((number, line)) = lines.next(&mut chunk) {
                all.push((number, line.map(Cow::into_owned)));
            }
        }
        all.extend(lines.finish().map(|(number, line)| (number, line.map(Cow::into_owned))));
        all
    }

    #[test]
    fn lines_are_whole_and_numbered() {
        let ok = |number, text: &str| (number, Ok(text.as_bytes().to_vec()));
        assert_eq!(
            cut(9, &[b"a\nb\r\n", b"", b"c", b"d\n\n", b"e"]),
            [ok(1, "a"), ok(2, "b"), ok(3, "cd"), ok(4, ""), ok(5, "e")]
        );
        assert_eq!(cut(9, &[b""]), []);
    }

    #[test]
    fn what_is_too_long_is_read_past() {
        let all = cut(3, &[b"abcd\nabc\n", b"ab", b"cd", b"ef\nx\n", b"abcdefg"]);
        let lengths: Vec<_> = all.into_iter().map(|(_, line)| line.map(|line| line.len())).collect();
        assert_eq!(lengths, [Err(TooLong), Ok(3), Err(TooLong), Ok(1), Err(TooLong)]);
    }

    proptest! {
        #[test]
        fn the_pieces_do_not_matter(text in "[a-c\n]{0,60}", at in 0_usize..60, most in 1_usize..8) {
            let bytes = text.as_bytes();
            let (head, tail) = bytes.split_at(at.min(bytes.len()));
            prop_assert_eq!(cut(most, &[head, tail]), cut(most, &[bytes]));
        }
    }
}
