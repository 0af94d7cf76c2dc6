//! A scanner that knows just enough Rust to match brackets: comments are dropped, literals are one token.

/// A piece of source text and the line it starts on, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind<'a>,
    /// Its line.
    pub line: usize,
}

/// What a piece of source text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// An identifier, keyword or number.
    Word(&'a str),
    /// One other character.
    Mark(char),
    /// `->` or `=>`, whose `>` closes nothing.
    Arrow,
    /// A lifetime or label, such as `'a`.
    Lifetime,
    /// A string, character or byte literal of any sort.
    Literal,
}

/// The tokens of a text. Text that is no Rust gives some tokens too, never a panic.
pub fn scan(text: &str) -> Vec<Token<'_>> {
    let mut cursor = Cursor { rest: text, line: 1 };
    let mut tokens = Vec::new();
    while let Some(next) = cursor.rest.chars().next() {
        let line = cursor.line;
        if let Some(kind) = cursor.token(next) {
            tokens.push(Token { kind, line });
        }
    }
    tokens
}

struct Cursor<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Cursor<'a> {
    /// Takes one token that starts with `next`, or a piece of space or comment (`None`).
    fn token(&mut self, next: char) -> Option<Kind<'a>> {
        if next.is_whitespace() {
            self.take_while(char::is_whitespace);
            return None;
        }
        if self.rest.starts_with("//") {
            self.take_while(|one| one != '\n');
            return None;
        }
        if self.rest.starts_with("/*") {
            self.take_block_comment();
            return None;
        }
        if let Some(opening) = opening(self.rest) {
            return Some(self.take_string(&opening));
        }
        Some(match next {
            '\'' => self.take_quote(),
            _ if is_word(next) => Kind::Word(self.take_word()),
            _ if self.rest.starts_with("->") || self.rest.starts_with("=>") => {
                self.take(2);
                Kind::Arrow
            }
            _ => {
                self.take(next.len_utf8());
                Kind::Mark(next)
            }
        })
    }

    /// Takes that many bytes, or all that is left.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let length = self.rest.find(|one| !wanted(one)).unwrap_or(self.rest.len());
        self.take(length)
    }

    /// A raw identifier keeps its `r#`, so that `r#fn` is no keyword.
    fn take_word(&mut self) -> &'a str {
        let start = self.rest;
        let raw = if start.strip_prefix("r#").is_some_and(|name| name.starts_with(is_word)) { 2 } else { 0 };
        self.take(raw);
        let name = self.take_while(is_word);
        start.get(..raw + name.len()).unwrap_or(name)
    }

    /// Block comments nest.
    fn take_block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.take(2);
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.take(2);
            } else if let Some(next) = self.rest.chars().next() {
                self.take(next.len_utf8());
            }
            if depth == 0 || self.rest.is_empty() {
                return;
            }
        }
    }

    fn take_string(&mut self, opening: &Opening) -> Kind<'a> {
        self.take(opening.length);
        if let Some(hashes) = opening.raw {
            let end = format!("\"{}", "#".repeat(hashes));
            let length = self.rest.find(&end).map_or(self.rest.len(), |at| at + end.len());
            self.take(length);
        } else {
            self.take_escaped('"');
        }
        Kind::Literal
    }

    /// The rest of a literal up to its closing quote; a backslash hides what follows it.
    fn take_escaped(&mut self, quote: char) {
        while let Some(next) = self.rest.chars().next() {
            self.take(next.len_utf8());
            if next == quote {
                return;
            }
            if next == '\\' {
                self.take(self.rest.chars().next().map_or(0, char::len_utf8));
            }
        }
    }

    /// `'a'`, `'\n'` or the lifetime `'a`.
    fn take_quote(&mut self) -> Kind<'a> {
        self.take(1);
        let mut following = self.rest.chars();
        let is_literal = match (following.next(), following.next()) {
            (Some('\\'), _) | (_, Some('\'')) => true,
            (Some(one), _) => !is_word(one),
            (None, _) => false,
        };
        if is_literal {
            self.take_escaped('\'');
            return Kind::Literal;
        }
        self.take_while(is_word);
        Kind::Lifetime
    }
}

/// How a string starts: `"`, `b"`, `r#"`, ….
struct Opening {
    /// Bytes up to the quote, itself included.
    length: usize,
    /// Of a raw string: how many hashes its end needs.
    raw: Option<usize>,
}

/// `None` when no string starts here.
fn opening(text: &str) -> Option<Opening> {
    ["br", "cr", "r", "b", "c", ""].into_iter().find_map(|prefix| {
        let after = text.strip_prefix(prefix)?;
        let bare = if prefix.ends_with('r') { after.trim_start_matches('#') } else { after };
        let hashes = after.len() - bare.len();
        let raw = prefix.ends_with('r').then_some(hashes);
        bare.starts_with('"').then_some(Opening { length: prefix.len() + hashes + 1, raw })
    })
}

fn is_word(one: char) -> bool {
    one == '_' || one.is_alphanumeric()
}

#[cfg(test)]
mod tests;
