//! HTTP API, web console and the siteward binary.
