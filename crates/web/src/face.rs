//! The faces of Herald: one enum, so that whatever refuses has to decide for every one of them.

use axum::response::Response;

use crate::config::{Product, WebConfig};
use crate::dialect::Dialect;
use crate::dialects::{Aegis, Akto, Frontegg, Insights, Native, OAuth, Testiny};
use crate::frame::RequestMeta;
use crate::refusal::Refusal;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Face {
    Native,
    OAuth,
    Akto,
    Testiny,
    Insights,
    Frontegg,
    Aegis,
}

impl Face {
    /// Tag in the OpenAPI document, label in logs and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Native => "Herald",
            Self::OAuth => "OAuth",
            Self::Akto => "Akto",
            Self::Testiny => "Testiny",
            Self::Insights => "Insights",
            Self::Frontegg => "Frontegg",
            Self::Aegis => "Aegis",
        }
    }

    /// The product that switches it on and off; `None`: always there.
    pub const fn product(self) -> Option<Product> {
        match self {
            Self::Native | Self::OAuth => None,
            Self::Akto => Some(Product::Akto),
            Self::Testiny => Some(Product::Testiny),
            Self::Insights => Some(Product::Insights),
            Self::Frontegg => Some(Product::Frontegg),
            Self::Aegis => Some(Product::Aegis),
        }
    }

    pub fn is_enabled(self, config: &WebConfig) -> bool {
        self.product().is_none_or(|product| config.dialects.contains(&product))
    }

    /// Whose answer a path gets that no route matches (contracts/README.md): the other dialects have no words for
    /// an unknown path, so theirs is Herald's own.
    pub fn of_unknown_path(path: &str, config: &WebConfig) -> Self {
        let below =
            |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let face = if below("/account") || below("/api/v1/account") {
            Self::Testiny
        } else if below("/oauth") {
            Self::OAuth
        } else if ["/identity", "/tenants", "/auth/vendor", "/frontegg"].into_iter().any(below) {
            Self::Frontegg
        } else {
            Self::Native
        };
        if face.is_enabled(config) { face } else { Self::Native }
    }

    /// The refusal in this face's own form.
    pub fn refuse(self, refusal: &Refusal, meta: &RequestMeta) -> Response {
        match self {
            Self::Native => Native::refuse(refusal, meta),
            Self::OAuth => OAuth::refuse(refusal, meta),
            Self::Akto => Akto::refuse(refusal, meta),
            Self::Testiny => Testiny::refuse(refusal, meta),
            Self::Insights => Insights::refuse(refusal, meta),
            Self::Frontegg => Frontegg::refuse(refusal, meta),
            Self::Aegis => Aegis::refuse(refusal, meta),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_paths_have_one_owner_each() {
        let mut config = WebConfig::at("http://127.0.0.1");
        let face = |path: &str, config: &WebConfig| Face::of_unknown_path(path, config);
        assert_eq!(face("/account/other", &config), Face::Testiny);
        assert_eq!(face("/api/v1/account/", &config), Face::Testiny);
        assert_eq!(face("/api/v1/accounts", &config), Face::Native);
        assert_eq!(face("/accountant", &config), Face::Native);
        assert_eq!(face("/frontegg/anything", &config), Face::Frontegg);
        assert_eq!(face("/auth/vendor/x", &config), Face::Frontegg);
        assert_eq!(face("/auth/other", &config), Face::Native);
        assert_eq!(face("/api/me/", &config), Face::Native);
        config.dialects.clear();
        assert_eq!(face("/account/other", &config), Face::Native);
        assert_eq!(face("/oauth/other", &config), Face::OAuth);
    }
}
