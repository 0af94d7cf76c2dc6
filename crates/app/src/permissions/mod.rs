//! The permissions that there are: Herald's own, and what an installation declares for its products.

pub mod declare;
pub mod list;
pub mod withdraw;
