//! Herald over HTTP, in the process: one binary, a folder for each dialect.
#![cfg(test)]

mod across;
mod aegis;
mod akto;
mod cases;
mod felt;
mod frontegg;
mod heard;
mod held;
mod insights;
mod kit;
mod native;
mod oauth;
mod other;
mod strangers;
mod testiny;
