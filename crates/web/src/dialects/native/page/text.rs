//! Lists in the order of a text: their cursor is that text, encoded.

use app::tenants::TenantName;
use app::{Failure, FieldFault};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Listed, limit, pairs};
use crate::refusal::Refusal;
use crate::state::State;

/// Bytes of the text behind which a list goes on.
const MOST: usize = 512;

/// Which part of such a list is wanted.
#[derive(Clone, Debug)]
pub struct TextPage {
    /// Behind this text; `""`: from the start.
    pub after: String,
    /// 1 to 200.
    pub limit: i64,
    /// `?search=`; `""` where there is none.
    pub search: String,
    /// `?tenant=`: key or id.
    pub tenant: Option<TenantName>,
}

impl TextPage {
    /// One more than asked: whether there is a next part.
    pub fn fetch(&self) -> i64 {
        self.limit + 1
    }

    /// What was fetched, cut to the limit.
    pub fn cut<R, T>(
        &self,
        mut rows: Vec<R>,
        text: impl Fn(&R) -> String,
        wire: impl Fn(R) -> T,
    ) -> Listed<T> {
        let limit = usize::try_from(self.limit).unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| URL_SAFE_NO_PAD.encode(text(row)));
        Listed { items: rows.into_iter().map(wire).collect(), next }
    }
}

impl FromRequestParts<State> for TextPage {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Refusal> {
        read(parts.uri.query().unwrap_or_default()).map_err(Refusal::from)
    }
}

fn read(query: &str) -> Result<TextPage, Failure> {
    let pairs = pairs(query)?;
    let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let mut faults = Vec::new();
    let mut fault = |field, message: &'static str| faults.push(FieldFault::new(field, message));
    let limit = limit(get("limit"));
    if limit.is_none() {
        fault("limit", "must be a whole number from 1 to 200");
    }
    let after = get("after").map_or_else(|| Some(String::new()), decoded);
    if after.is_none() {
        fault("after", "must be the `next` of an earlier answer");
    }
    let search = get("search").unwrap_or_default().to_owned();
    if search.len() > MOST {
        fault("search", "must have at most 512 bytes");
    }
    match (limit, after) {
        (Some(limit), Some(after)) if faults.is_empty() => {
            Ok(TextPage { after, limit, search, tenant: get("tenant").map(TenantName::parse) })
        }
        _ => Err(Failure::invalid_fields(faults)),
    }
}

fn decoded(cursor: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    (!text.is_empty() && text.len() <= MOST && !text.contains('\0')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_what_an_answer_gave() {
        let page = read("limit=1&search=a").unwrap();
        let listed = page.cut(vec!["a", "b"], |row| (*row).to_owned(), str::to_owned);
        assert_eq!(listed.items, ["a"]);
        let next = listed.next.unwrap();
        assert_eq!(read(&format!("after={next}")).unwrap().after, "a");
        let nul = URL_SAFE_NO_PAD.encode("a\0");
        for bad in [
            "after=",
            "after=%2B",
            &format!("after={nul}"),
            "limit=0",
            &format!("search={}", "x".repeat(513)),
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
