//! Lists in the order of a text: their cursor is that text, encoded.

use app::Failure;
use app::tenants::TenantName;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::{Asked, Listed, Mark};
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
    mark: Mark,
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
        let next = rows.last().filter(|_| more).map(|row| self.mark.cursor(text(row).as_bytes()));
        Listed { items: rows.into_iter().map(wire).collect(), next }
    }
}

impl FromRequestParts<State> for TextPage {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, web: &State) -> Result<Self, Refusal> {
        read(Asked::from_request_parts(parts, web).await?).map_err(Refusal::from)
    }
}

fn read(mut asked: Asked) -> Result<TextPage, Failure> {
    let limit = asked.limit();
    let after = asked.after(place).unwrap_or_default();
    let short = |text: &str| (text.len() <= MOST).then(|| text.to_owned());
    let search = asked.get("search", "must have at most 512 bytes", short).unwrap_or_default();
    let tenant = asked.text("tenant").map(TenantName::parse);
    let mark = asked.mark;
    asked.done()?;
    Ok(TextPage { after, limit, search, tenant, mark })
}

fn place(place: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(place).ok()?;
    (!text.is_empty() && text.len() <= MOST && !text.contains('\0')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<TextPage, Failure> {
        super::read(Asked::of("/v1/things", query)?)
    }

    #[test]
    fn a_cursor_is_what_an_answer_gave() {
        let page = read("limit=1&search=a").unwrap();
        let listed = page.cut(vec!["a", "b"], |row| (*row).to_owned(), str::to_owned);
        assert_eq!(listed.items, ["a"]);
        let next = listed.next.unwrap();
        assert_eq!(read(&format!("after={next}")).unwrap().after, "a");
        let nul = Mark::of("/v1/things").cursor(b"a\0");
        let other = Mark::of("/v1/others").cursor(b"a");
        for bad in [
            "after=",
            "after=%2B",
            &format!("after={nul}"),
            &format!("after={other}"),
            "limit=0",
            &format!("search={}", "x".repeat(513)),
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
