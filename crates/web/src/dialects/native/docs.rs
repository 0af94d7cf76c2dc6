//! `/docs`: the `OpenAPI` document for people. Three files of ours; nothing is loaded from elsewhere.

use axum::response::Response;

use crate::dialects::native::files;

/// The API, for people.
#[utoipa::path(get, path = "", responses((status = 200, content_type = "text/html", body = String)))]
pub async fn page() -> Response {
    files::page(include_str!("../../docs/index.html"))
}

/// What `/docs` runs.
#[utoipa::path(get, path = "", responses((status = 200, content_type = "text/javascript", body = String)))]
pub async fn script() -> Response {
    files::script(include_str!("../../docs/docs.js"))
}

/// How `/docs` looks.
#[utoipa::path(get, path = "", responses((status = 200, content_type = "text/css", body = String)))]
pub async fn style() -> Response {
    files::style(include_str!("../../docs/docs.css"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_loads_nothing_from_elsewhere_and_runs_nothing_inline() {
        let page = include_str!("../../docs/index.html");
        let script = include_str!("../../docs/docs.js");
        let style = include_str!("../../docs/docs.css");
        for text in [page, script, style] {
            assert!(!text.contains("//cdn") && !text.contains("http://") && !text.contains("https://"));
        }
        assert!(!page.contains(" style=") && !page.contains(" on") && !page.contains("<style"));
        assert_eq!(page.matches("<script").count(), page.matches("<script src=\"docs/docs.js\"").count());
        assert!(!script.contains("innerHTML") && !script.contains("eval("));
        assert!(!style.contains("@import") && !style.contains("url("));
    }
}
