//! Keyset paging: `?after=&limit=` in, `{items, next}` out (design §8).

mod asked;
pub(crate) mod known;
mod mark;
mod text;

use app::Failure;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::Timestamp;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

pub use asked::Asked;
pub use mark::Mark;
pub use text::TextPage;

use crate::extract::form;
use crate::refusal::Refusal;
use crate::state::State;

const DEFAULT: i64 = 50;
const MOST: i64 = 200;

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub after: Option<Cursor>,
    /// 1 to 200.
    pub limit: i64,
    mark: Mark,
}

/// Where a list goes on: behind the row of this time, number and id. Opaque on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub at: Timestamp,
    pub number: i64,
    pub id: Uuid,
}

/// How it is asked for, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct PageParams {
    /// `next` of the part before.
    #[param(format = "cursor")]
    after: Option<String>,
    /// Rows at most: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

/// One part of a list.
#[derive(Serialize, ToSchema)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// For `?after=`; `null` when this was the last part.
    pub next: Option<String>,
}

impl Page {
    /// One more than asked: whether there is a next part.
    pub fn fetch(&self) -> i64 {
        self.limit + 1
    }

    /// What was fetched, cut to the limit.
    pub fn cut<R, T>(&self, mut rows: Vec<R>, at: impl Fn(&R) -> Cursor, wire: impl Fn(R) -> T) -> Listed<T> {
        let limit = usize::try_from(self.limit).unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| self.mark.cursor(&at(row).place()));
        Listed { items: rows.into_iter().map(wire).collect(), next }
    }
}

impl Cursor {
    pub(super) fn place(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(32);
        bytes.extend(self.at.as_micros().to_be_bytes());
        bytes.extend(self.number.to_be_bytes());
        bytes.extend(self.id.as_bytes());
        bytes
    }

    pub(super) fn read(place: &[u8]) -> Option<Self> {
        let bytes: &[u8; 32] = place.try_into().ok()?;
        let (at, rest) = bytes.split_first_chunk::<8>()?;
        let (number, id) = rest.split_first_chunk::<8>()?;
        Some(Self {
            at: Timestamp::from_micros(i64::from_be_bytes(*at)),
            number: i64::from_be_bytes(*number),
            id: Uuid::from_slice(id).ok()?,
        })
    }
}

impl FromRequestParts<State> for Page {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, web: &State) -> Result<Self, Refusal> {
        read(Asked::from_request_parts(parts, web).await?).map_err(Refusal::from)
    }
}

/// The parameters of a query.
///
/// # Errors
/// `Invalid` with code `invalid_query` where it cannot be read, or names one twice.
pub(super) fn pairs(query: &str) -> Result<Vec<(String, String)>, Failure> {
    form::parse(query.as_bytes())
        .map_err(|_| Failure::new(app::Kind::Invalid, "invalid_query", "The query cannot be read."))
}

fn read(mut asked: Asked) -> Result<Page, Failure> {
    let mark = asked.mark;
    let (limit, after) = (asked.limit(), asked.after(|place| Cursor::read(&place)));
    asked.done()?;
    Ok(Page { after, limit, mark })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Page, Failure> {
        super::read(Asked::of("/v1/things", query)?)
    }

    fn cursor(number: i64) -> Cursor {
        Cursor { at: Timestamp::from_micros(1_700_000_000_000_000), number, id: Uuid::max() }
    }

    #[test]
    fn a_list_is_walked_to_its_end() {
        let mut after = None;
        let mut seen = Vec::new();
        loop {
            let query = after.map_or("limit=2".to_owned(), |next: String| format!("limit=2&after={next}"));
            let page = read(&query).unwrap();
            let from = page.after.map_or(0, |cursor| cursor.number);
            let rows: Vec<i64> = (from + 1..=5).take(usize::try_from(page.fetch()).unwrap()).collect();
            let listed = page.cut(rows, |row| cursor(*row), |row| row);
            seen.push(listed.items);
            after = listed.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, [vec![1, 2], vec![3, 4], vec![5]]);
    }

    #[test]
    fn what_is_out_of_bounds_is_refused() {
        let mark = Mark::of("/v1/things");
        assert_eq!(read("").unwrap(), Page { after: None, limit: 50, mark });
        assert_eq!(read("limit=200").unwrap().limit, 200);
        for query in ["limit=0", "limit=201", "limit=x", "limit=", "limit=1e2", "limit=-1"] {
            assert_eq!(read(query).unwrap_err().fields[0].field, "limit", "{query}");
        }
        let (short, other) = (mark.cursor(&[0; 31]), Mark::of("/v1/others").cursor(&[0; 32]));
        for query in ["after=", "after=x", &format!("after={short}"), &format!("after={other}")] {
            assert_eq!(read(query).unwrap_err().fields[0].field, "after", "{query}");
        }
        for query in ["limit=1&limit=2", "after=%00"] {
            assert_eq!(read(query).unwrap_err().code, "invalid_query", "{query}");
        }
    }
}
