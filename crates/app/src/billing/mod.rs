//! What the billing system of a customer is told.

pub mod customer_token;
