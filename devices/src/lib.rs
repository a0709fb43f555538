//! Speaks to devices: ISAPI over HTTP digest, probe, address policy.
