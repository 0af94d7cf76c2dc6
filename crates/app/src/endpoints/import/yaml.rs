//! YAML, of which JSON is a part, within bounds: whoever wrote the document may not have meant well. It is read event by
//! event and without recursion; what an alias stands for is kept once, so that nothing multiplies.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, options};

use super::Unread;
use super::shape::{Document, Node, levels};

/// Maps and lists within each other at most.
const DEPTH: usize = 200;
/// Parser events of one document at most: one of 64 MiB has some five million.
const EVENTS: usize = 32_000_000;
/// Characters of a key: a path may have 2,048 bytes.
const KEY: usize = 4_096;
/// Levels that are kept of what has an anchor, wherever it stands: an alias may put it where it is wanted.
const ANCHORED: usize = 4;
/// Maps and lists within each other that an alias may stand for.
const TALL: usize = 64;
/// Entries that aliases stand for, all taken together.
const REPEATED: usize = 1_000_000;

/// The one document of `text`.
///
/// # Errors
/// What is wrong, and in which line; never what stands in it.
pub(super) fn read(text: &[u8]) -> Result<Document, Unread> {
    let text = std::str::from_utf8(text).map_err(|error| {
        let before = text.get(..error.valid_up_to()).unwrap_or_default();
        Unread { line: Some(before.split(|byte| *byte == b'\n').count() as u64), what: "is no UTF-8" }
    })?;
    let mut reading = Reading::default();
    for event in Parser::new_from_str_with_options(text, bounds()) {
        let (event, span) = event.map_err(|error| scanned(&error))?;
        let line = Some(span.start.line() as u64).filter(|line| *line > 0);
        reading.take(event).map_err(|what| Unread { line, what })?;
    }
    Ok(reading.document)
}

fn bounds() -> Options {
    options! {
        simple_key_max_lookahead: KEY,
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
        emit_comments: false,
    }
}

fn scanned(error: &ScanError) -> Unread {
    let what = match error.kind() {
        ErrorKind::RecursionLimitExceeded => TOO_DEEP,
        ErrorKind::UnknownAnchor => "has an alias of nothing",
        _ => "is no YAML",
    };
    Unread { line: Some(error.marker().line() as u64).filter(|line| *line > 0), what }
}

const TOO_DEEP: &str = "is nested too deep";
const TOO_MUCH: &str = "has too many values";
const TOO_MANY: &str = "has too much behind its aliases";

/// How far it has come.
#[derive(Default)]
struct Reading {
    document: Document,
    begun: bool,
    events: usize,
    repeated: usize,
    open: Vec<Open>,
    anchors: HashMap<usize, Kept>,
}

/// A value, and how many maps and lists stand within each other in it.
#[derive(Clone, Default)]
struct Kept {
    node: Rc<Node>,
    height: usize,
}

/// A map or list whose end has not come.
struct Open {
    parts: Parts,
    /// `None`: nothing of it is kept; else the levels below it that are.
    levels: Option<usize>,
    /// 0: none.
    anchor: usize,
    height: usize,
}

enum Parts {
    List(Vec<Rc<Node>>),
    Map { entries: Vec<(String, Rc<Node>)>, keys: HashSet<String>, key: Key, merged: Vec<Rc<Node>> },
}

/// The key whose value comes next.
enum Key {
    None,
    Text(String),
    /// `<<`
    Merge,
    /// A map, a list or an alias: nothing that is looked for.
    Odd,
}

impl Reading {
    fn take(&mut self, event: Event<'_>) -> Result<(), &'static str> {
        self.events += 1;
        if self.events > EVENTS {
            return Err(TOO_MUCH);
        }
        match event {
            Event::DocumentStart(..) if std::mem::replace(&mut self.begun, true) => {
                Err("begins a second document")
            }
            Event::Scalar(text, style, anchor, _) => self.scalar(&text, style, anchor),
            Event::SequenceStart(_, anchor, _) => self.begin(Parts::List(Vec::new()), anchor),
            Event::MappingStart(_, anchor, _) => {
                let (entries, keys, merged) = (Vec::new(), HashSet::new(), Vec::new());
                self.begin(Parts::Map { entries, keys, key: Key::None, merged }, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                // One that is not whole yet stands for nothing: it would hold itself.
                let kept = self.anchors.get(&anchor).filter(|kept| kept.height <= TALL);
                let kept = kept.cloned().unwrap_or_default();
                self.repeat(kept.node.entries().map_or(1, <[_]>::len))?;
                self.place(kept);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn repeat(&mut self, more: usize) -> Result<(), &'static str> {
        self.repeated = self.repeated.saturating_add(more);
        if self.repeated > REPEATED { Err(TOO_MANY) } else { Ok(()) }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize) -> Result<(), &'static str> {
        let is_wanted = anchor != 0 || self.wanted().is_some();
        if is_wanted
            && let Some(Open { parts: Parts::Map { keys, key: key @ Key::None, .. }, .. }) =
                self.open.last_mut()
        {
            if style == ScalarStyle::Plain && text == "<<" {
                *key = Key::Merge;
                return Ok(());
            }
            if !keys.insert(text.to_owned()) {
                return Err("has a key twice");
            }
            *key = Key::Text(text.to_owned());
            return Ok(());
        }
        let node = if is_wanted { Node::Text(text.to_owned()) } else { Node::Other };
        self.keep(Kept { node: Rc::new(node), height: 0 }, anchor);
        Ok(())
    }

    /// The levels that are wanted of what comes next.
    fn wanted(&self) -> Option<usize> {
        let Some(open) = self.open.last() else { return Some(0) };
        match &open.parts {
            Parts::Map { key: Key::Odd, .. } => None,
            // The document itself.
            Parts::Map { key: Key::Text(key), .. } if self.open.len() == 1 => levels(key),
            // A key; or what `<<` names, which takes the place of this map.
            Parts::Map { key: Key::None | Key::Merge, .. } => open.levels,
            Parts::Map { key: Key::Text(_), .. } | Parts::List(_) => {
                open.levels.and_then(|levels| levels.checked_sub(1))
            }
        }
    }

    fn begin(&mut self, parts: Parts, anchor: usize) -> Result<(), &'static str> {
        if self.open.len() >= DEPTH {
            return Err(TOO_DEEP);
        }
        let mut levels = if self.open.is_empty() { Some(1) } else { self.wanted() };
        if let Some(Open { parts: Parts::Map { key: key @ Key::None, .. }, .. }) = self.open.last_mut() {
            (*key, levels) = (Key::Odd, None);
        }
        if anchor != 0 {
            levels = levels.max(Some(ANCHORED));
        }
        self.open.push(Open { parts, levels, anchor, height: 0 });
        Ok(())
    }

    fn end(&mut self) -> Result<(), &'static str> {
        let Some(Open { parts, levels, anchor, height }) = self.open.pop() else { return Ok(()) };
        let node = match parts {
            _ if levels.is_none() => Node::Other,
            Parts::List(items) => Node::List(items),
            Parts::Map { entries, keys, merged, .. } => Node::Map(self.merge(entries, keys, &merged)?),
        };
        if self.open.is_empty() {
            for (key, value) in node.entries().unwrap_or_default() {
                self.document.set(key, Rc::clone(value));
            }
            return Ok(());
        }
        self.keep(Kept { node: Rc::new(node), height: height + 1 }, anchor);
        Ok(())
    }

    /// What `<<` names, one map or a list of them, gives the entries that a map does not have itself.
    fn merge(
        &mut self,
        mut entries: Vec<(String, Rc<Node>)>,
        mut keys: HashSet<String>,
        merged: &[Rc<Node>],
    ) -> Result<Vec<(String, Rc<Node>)>, &'static str> {
        for named in merged {
            let one = std::slice::from_ref(named);
            let maps = if let Node::List(maps) = &**named { maps.as_slice() } else { one };
            for map in maps {
                let more = map.entries().unwrap_or_default();
                self.repeat(more.len())?;
                entries.extend(more.iter().filter(|(key, _)| keys.insert(key.clone())).cloned());
            }
        }
        Ok(entries)
    }

    fn keep(&mut self, kept: Kept, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, kept.clone());
        }
        self.place(kept);
    }

    /// Into the map or list that is open.
    fn place(&mut self, Kept { node, height }: Kept) {
        let is_wanted = self.wanted().is_some();
        let Some(open) = self.open.last_mut() else { return };
        match &mut open.parts {
            Parts::List(items) if is_wanted => items.push(node),
            Parts::List(_) => return,
            Parts::Map { entries, key, merged, .. } => match std::mem::replace(key, Key::None) {
                Key::None => {
                    *key = Key::Odd;
                    return;
                }
                Key::Text(name) if open.levels.is_some() => entries.push((name, node)),
                Key::Merge if is_wanted => merged.push(node),
                Key::Text(_) | Key::Merge | Key::Odd => return,
            },
        }
        open.height = open.height.max(height);
    }
}
