//! How lists of users are asked for: [`TextPage`], whose text is the address.

use app::members::list::Query;
use utoipa::IntoParams;

use super::page::TextPage;

/// For the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct Searched {
    /// The beginning of the e-mail address, in any case.
    #[param(max_length = 512)]
    search: Option<String>,
    /// `next` of the part before.
    #[param(format = "text-cursor")]
    after: Option<String>,
    /// Rows at most: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

/// The same, and of which tenant.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct OfTenant {
    /// Key or id; without it, the tenant of the credential, and all users for an operator.
    tenant: Option<String>,
}

pub fn asked(page: &TextPage) -> Query {
    Query { search: page.search.clone(), after: page.after.clone(), limit: page.fetch() }
}
