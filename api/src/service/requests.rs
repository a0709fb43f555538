//! Applications to serve a site by its number (R-T5). Taking one back is `DELETE /grant_requests/{grant_request_id}`.

pub(crate) mod create;
pub(crate) mod list;
