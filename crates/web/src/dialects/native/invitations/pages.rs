//! The pages that links lead to. The token stands in the fragment, which no browser sends: these files are the same
//! for everybody, and what is typed goes to `/v1` alone. Nothing is loaded from elsewhere.

use axum::response::Response;

use crate::dialects::native::files;

/// Where an invitation is accepted.
#[utoipa::path(get, path = "", responses((status = 200, content_type = "text/html", body = String)))]
pub async fn invitation() -> Response {
    files::page(include_str!("../../../pages/invitation.html"))
}

/// Where a new password is chosen.
#[utoipa::path(get, path = "", responses((status = 200, content_type = "text/html", body = String)))]
pub async fn password_reset() -> Response {
    files::page(include_str!("../../../pages/password-reset.html"))
}

/// What both pages run.
#[utoipa::path(get, path = "", responses((status = 200, content_type = "text/javascript", body = String)))]
pub async fn script() -> Response {
    files::script(include_str!("../../../pages/link.js"))
}

/// How both pages look.
#[utoipa::path(get, path = "", responses((status = 200, content_type = "text/css", body = String)))]
pub async fn style() -> Response {
    files::style(include_str!("../../../pages/link.css"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_pages_load_nothing_from_elsewhere_and_run_nothing_inline() {
        let pages = [
            include_str!("../../../pages/invitation.html"),
            include_str!("../../../pages/password-reset.html"),
        ];
        let (script, style) =
            (include_str!("../../../pages/link.js"), include_str!("../../../pages/link.css"));
        for text in pages.into_iter().chain([script, style]) {
            assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("//cdn"));
        }
        for page in pages {
            assert!(!page.contains(" style=") && !page.contains("<style"));
            let inside = page.split('<').skip(1).filter_map(|tag| tag.split('>').next());
            let runs = inside.flat_map(str::split_whitespace).find(|word| {
                let name = word.split_once('=').map_or("", |(name, _)| name).to_ascii_lowercase();
                name.strip_prefix("on").is_some_and(|event| event.chars().all(char::is_alphabetic))
            });
            assert_eq!(runs, None, "a handler of events");
            assert_eq!(page.matches("<script").count(), 1);
            assert_eq!(page.matches("<script src=\"pages/link.js\" defer></script>").count(), 1);
        }
        assert!(
            !script.contains("innerHTML") && !script.contains("eval(") && !script.contains("localStorage")
        );
        assert!(!style.contains("@import") && !style.contains("url("));
    }
}
