//! Test kit and integration tests of Siteward.
