//! JSON bodies, read strictly: one object, no key twice, nesting to 64, no U+0000.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

use axum::extract::{FromRequest, Request};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::body::{Empty, Media, is_media, whole};
use crate::dialect::Dialect;
use crate::refusal::{BodyFault, Refusal};
use crate::state::State;

/// Nesting at most: every contract's bound.
const DEPTH: usize = 64;

/// The body as an object, its keys in the order sent, for a dialect that checks fields in its own words.
pub struct Object<D> {
    pub map: Map<String, Value>,
    marker: PhantomData<fn() -> D>,
}

impl<D: Dialect> FromRequest<State> for Object<D> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &State) -> Result<Self, Refusal> {
        let (headers, bytes) = whole(request, state.config.body_bytes).await?;
        if bytes.is_empty() && D::BODY.empty == Empty::IsObject {
            return Ok(Self { map: Map::new(), marker: PhantomData });
        }
        if D::BODY.media == Media::Json && !is_media(&headers, "application/json") {
            return Err(Refusal::MediaType);
        }
        match parse_with(&bytes, D::TAKES_NUL) {
            Ok(Value::Object(map)) => Ok(Self { map, marker: PhantomData }),
            Ok(_) => Err(Refusal::Body(BodyFault::NotAnObject)),
            Err(BodyFault::Nul) => Err(nul::<D>(&bytes)),
            Err(fault) => Err(Refusal::Body(fault)),
        }
    }
}

/// Reads the body once more for the name of the field that holds U+0000, the first of them.
fn nul<D: Dialect>(bytes: &[u8]) -> Refusal {
    let Ok(Value::Object(map)) = parse_with(bytes, true) else { return Refusal::Body(BodyFault::Nul) };
    let found = map.iter().find(|(name, value)| name.contains('\0') || has_nul(value));
    found.map_or(Refusal::Body(BodyFault::Nul), |(name, _)| D::holds_nul(name))
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(map) => map.iter().any(|(name, item)| name.contains('\0') || has_nul(item)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The body as a `T`; a field that does not fit is `Malformed`. Dialects that must name the field take [`Object`].
pub struct Json<D, T> {
    pub value: T,
    marker: PhantomData<fn() -> D>,
}

impl<D: Dialect, T: DeserializeOwned> FromRequest<State> for Json<D, T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &State) -> Result<Self, Refusal> {
        let object = Object::<D>::from_request(request, state).await?;
        let value = serde_json::from_value(Value::Object(object.map));
        let value = value.map_err(|_| Refusal::Body(BodyFault::Malformed))?;
        Ok(Self { value, marker: PhantomData })
    }
}

/// Any JSON value, read by the same rules.
///
/// # Errors
/// The first fault; `Malformed` where it is not JSON at all.
pub fn parse(bytes: &[u8]) -> Result<Value, BodyFault> {
    parse_with(bytes, false)
}

fn parse_with(bytes: &[u8], takes_nul: bool) -> Result<Value, BodyFault> {
    let fault = Cell::new(BodyFault::Malformed);
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value =
        Strict { depth: 0, takes_nul, fault: &fault }.deserialize(&mut json).map_err(|_| fault.get())?;
    json.end().map_err(|_| BodyFault::Malformed)?;
    Ok(value)
}

/// Reads one value at `depth`, and leaves word of what was wrong.
#[derive(Clone, Copy)]
struct Strict<'f> {
    depth: usize,
    takes_nul: bool,
    fault: &'f Cell<BodyFault>,
}

impl Strict<'_> {
    fn refuse<E: Error>(self, fault: BodyFault) -> E {
        self.fault.set(fault);
        E::custom("refused")
    }

    /// One level further down.
    fn inside<E: Error>(self) -> Result<Self, E> {
        if self.depth == DEPTH {
            return Err(self.refuse(BodyFault::TooDeep));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    fn text<E: Error>(self, text: String) -> Result<String, E> {
        if !self.takes_nul && text.contains('\0') { Err(self.refuse(BodyFault::Nul)) } else { Ok(text) }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not finite"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        self.text(value).map(Value::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(inside)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut fields = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let key = self.text(key)?;
            let value = map.next_value_seed(inside)?;
            if fields.insert(key, value).is_some() {
                return Err(self.refuse(BodyFault::Repeated));
            }
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<BodyFault> {
        parse(text.as_bytes()).err()
    }

    #[test]
    fn every_kind_of_value_is_read() {
        let text = r#"{"a":[1,-2,0.5,1e30,true,null,"ü\u00e9"],"b":{},"c":18446744073709551615}"#;
        assert_eq!(parse(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn what_is_not_quite_json_is_refused() {
        for text in ["", "{", "{}x", "{'a':1}", "nul", "{\"a\":1,}", "\u{feff}{}", "1e999"] {
            assert_eq!(fault(text), Some(BodyFault::Malformed), "{text:?}");
        }
        assert_eq!(parse(b"{\"a\":\"\xff\"}").err(), Some(BodyFault::Malformed));
    }

    #[test]
    fn a_key_twice_is_refused_at_any_depth() {
        assert_eq!(fault(r#"{"a":1,"a":1}"#), Some(BodyFault::Repeated));
        assert_eq!(fault(r#"{"x":[{"a":1,"\u0061":2}]}"#), Some(BodyFault::Repeated));
        assert_eq!(fault(r#"{"a":1,"A":1}"#), None);
    }

    #[test]
    fn nesting_ends_at_64() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(fault(&nested(64)), None);
        assert_eq!(fault(&nested(65)), Some(BodyFault::TooDeep));
        assert_eq!(fault(&nested(10_000)), Some(BodyFault::TooDeep));
    }

    #[test]
    fn a_nul_is_refused_in_keys_and_values() {
        assert_eq!(fault(r#"{"a":"x\u0000"}"#), Some(BodyFault::Nul));
        assert_eq!(fault(r#"{"\u0000":1}"#), Some(BodyFault::Nul));
        assert_eq!(parse_with(br#"{"a":"x\u0000"}"#, true).unwrap()["a"], "x\0");
    }
}
