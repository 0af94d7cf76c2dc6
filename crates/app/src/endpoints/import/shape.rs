//! As much of a document as the inventory is read from: the rest is read past, however large it is.

use std::fmt;
use std::rc::Rc;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The parts of an `OpenAPI` document that say where its operations are.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// The version that it says it is of.
    pub openapi: Rc<Node>,
    pub servers: Rc<Node>,
    pub paths: Rc<Node>,
}

/// A value as far down as it was asked for.
#[derive(Debug, Default, PartialEq)]
pub(super) enum Node {
    Text(String),
    /// In the order of the document.
    Map(Vec<(String, Rc<Node>)>),
    List(Vec<Rc<Node>>),
    /// Nothing, something else, or what was not asked for.
    #[default]
    Other,
}

impl Node {
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries()?.iter().find(|(name, _)| name == key).map(|(_, value)| &**value)
    }

    pub fn entries(&self) -> Option<&[(String, Rc<Self>)]> {
        if let Self::Map(entries) = self { Some(entries) } else { None }
    }

    pub fn first(&self) -> Option<&Self> {
        if let Self::List(items) = self { items.first().map(|item| &**item) } else { None }
    }

    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// Levels of maps and lists that are wanted below a key of the document; `None`: nothing of it is.
pub(super) fn levels(key: &str) -> Option<usize> {
    match key {
        "openapi" => Some(0),
        // A map of maps.
        "paths" => Some(2),
        // A list of maps, whose variables are maps of maps.
        "servers" => Some(4),
        _ => None,
    }
}

impl Document {
    pub fn set(&mut self, key: &str, value: Rc<Node>) {
        match key {
            "openapi" => self.openapi = value,
            "paths" => self.paths = value,
            "servers" => self.servers = value,
            _ => {}
        }
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Root)
    }
}

/// What is no map has none of the parts.
struct Root;

impl<'de> Visitor<'de> for Root {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an OpenAPI document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        let mut document = Document::default();
        while let Some(key) = map.next_key::<String>()? {
            match levels(&key) {
                Some(levels) => document.set(&key, Rc::new(map.next_value_seed(Down(levels))?)),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(document)
    }
}

/// Reads a value down to so many levels of maps and lists.
#[derive(Clone, Copy)]
struct Down(usize);

impl<'de> DeserializeSeed<'de> for Down {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Down {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            let value = match self.0 {
                0 => map.next_value::<IgnoredAny>().map(|_| Node::Other)?,
                levels => map.next_value_seed(Self(levels - 1))?,
            };
            entries.push((key, Rc::new(value)));
        }
        Ok(Node::Map(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = match self.0 {
            0 => seq.next_element::<IgnoredAny>()?.map(|_| Node::Other),
            levels => seq.next_element_seed(Self(levels - 1))?,
        } {
            items.push(Rc::new(item));
        }
        Ok(Node::List(items))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Text(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Text(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Text(format!("{number:?}")))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Other)
    }
}
